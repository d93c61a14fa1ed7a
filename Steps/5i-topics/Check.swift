import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("subscribers hear what is published, on all shards") { publish() },
    Part("a client that has not subscribed, or has unsubscribed, does not") { others() },
    Part("a client has a limited number of topics") { bound() },
    Part("what is no command about topics gets an answer") { usage() },
    Part("what is published is heard in the sender's order") { order() },
  ]

  /// Clients of /ws, one after the other: shard 0, shard 1, …
  static func join(_ names: [String], _ server: Program) -> [Client] {
    names.map { name in
      let client = server.connect(name)
      client.openWebSocket()
      server.settle()
      return client
    }
  }

  static func subscribe(_ client: Client, _ topic: String) {
    client.say("subscribe \(topic)")
    client.expectText(
      "Subscribed to \(topic)", "\(client.name) subscribes to a topic, and is not told that it has",
      "The session asks, .subscribe(topic). The client's own shard notes it, and says so.")
  }

  static func publish() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    for client in clients { subscribe(client, "news") }
    clients[0].say("publish news It rains today")
    for client in clients {
      client.expectText(
        "From client 1 to news: It rains today",
        "A publishes to news, and \(client.name), which has subscribed, does not hear it",
        "No shard knows where the subscribers of the others are: ask all shards, and each one "
          + "gives the frame to its own.")
    }
  }

  static func others() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C"], server)
    for client in clients[..<2] { subscribe(client, "news") }
    subscribe(clients[2], "sports")
    clients[0].say("publish news One")
    for client in clients[..<2] {
      client.expectText("From client 1 to news: One", "\(client.name) hears no news")
    }
    clients[2].expectNothing(
      "A publishes to news, and C hears it, which has not subscribed to it",
      "The audience is .subscribers(of: topic), and not .everyone.")
    clients[1].say("unsubscribe news")
    clients[1].expectText("Unsubscribed from news", "B unsubscribes, and is not told that it has")
    clients[0].say("publish news Two")
    clients[1].expectNothing(
      "A publishes to news, and B hears it, which has unsubscribed",
      "Take its number out of the topic's set.")
    clients[0].expectText("From client 1 to news: Two", "A publishes, and does not hear it itself")
  }

  static func bound() {
    let server = Program("--loops", "2")
    let a = join(["A"], server)[0]
    for number in 1...64 { subscribe(a, "t\(number)") }
    a.say("subscribe t65")
    a.expectText(
      "Too many topics", "A subscribes to a 65th topic, and nothing stops it",
      "A topic costs memory, and a client that asks for a million of them pays nothing. Keep 64.")
    subscribe(a, "t64")
    a.say("unsubscribe t1")
    a.expectText("Unsubscribed from t1", "A unsubscribes, and is not told that it has")
    subscribe(a, "t65")
    let name = String(repeating: "x", count: 129)
    a.say("subscribe \(name)")
    a.expectText(
      "Echo: subscribe \(name)", "A subscribes to a topic with a name of 129 bytes",
      "64 topics of a megabyte each are no limit. What is longer than 128 bytes is no name of a topic."
    )
  }

  static func usage() {
    let server = Program("--loops", "2")
    let a = join(["A"], server)[0]
    for text in ["subscribe", "unsubscribe", "publish", "publish news", "subscribe a b"] {
      a.say(text)
      a.expectText(
        "Echo: \(text)", "A says '\(text)', which is no command, and gets another answer",
        "Count the words before you use the second one.")
    }
  }

  static func order() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B"], server)
    for client in clients { subscribe(client, "news") }
    clients[0].send((1...9).flatMap { Client.frame(0x81, Array("publish news \($0)".utf8)) })
    for client in clients {
      for number in 1...9 {
        client.expectText(
          "From client 1 to news: \(number)",
          "A publishes 1 to 9, and \(client.name) hears less, "
            + "or another order", "A waits for the replies of all shards before its next message.")
      }
    }
  }
}
