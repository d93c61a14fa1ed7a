import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("subscribers on all shards receive what is published") { publish() },
    Part("a client that did not subscribe, or that unsubscribed, receives nothing") { others() },
    Part("a client has a limited number of topics") { bound() },
    Part("text that is not a topic command is echoed") { usage() },
    Part("messages arrive in the order in which they were published") { order() },
  ]

  /// Connects clients of /ws, one after another: shard 0, shard 1, …
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
      "Subscribed to \(topic)", "\(client.name) subscribes to a topic, but gets no confirmation",
      "The session returns .subscribe(topic). The client's own shard stores the subscription and "
        + "confirms it.")
  }

  static func publish() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    for client in clients { subscribe(client, "news") }
    clients[0].say("publish news It rains today")
    for client in clients {
      client.expectText(
        "From client 1 to news: It rains today",
        "A publishes to news, but the subscriber \(client.name) does not receive it",
        "No shard knows the subscribers of the others: send the frame to all shards, and let each "
          + "one give it to its own subscribers.")
    }
  }

  static func others() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C"], server)
    for client in clients[..<2] { subscribe(client, "news") }
    subscribe(clients[2], "sports")
    clients[0].say("publish news One")
    for client in clients[..<2] {
      client.expectText("From client 1 to news: One", "\(client.name) gets no news")
    }
    clients[2].expectNothing(
      "A publishes to news, and C receives it without a subscription",
      "The audience must be .subscribers(of: topic), not .everyone.")
    clients[1].say("unsubscribe news")
    clients[1].expectText("Unsubscribed from news", "B unsubscribes, but gets no confirmation")
    clients[0].say("publish news Two")
    clients[1].expectNothing(
      "A publishes to news, and B receives it after it unsubscribed",
      "Take its number out of the topic's set.")
    clients[0].expectText(
      "From client 1 to news: Two", "A publishes, but does not receive its own message")
  }

  static func bound() {
    let server = Program("--loops", "2")
    let a = join(["A"], server)[0]
    for number in 1...64 { subscribe(a, "t\(number)") }
    a.say("subscribe t65")
    a.expectText(
      "Too many topics", "A subscribes to a 65th topic, and the server accepts it",
      "Each topic costs the server memory, and asking for a million of them costs the client "
        + "nothing. Allow 64.")
    subscribe(a, "t64")
    a.say("unsubscribe t1")
    a.expectText("Unsubscribed from t1", "A unsubscribes, but gets no confirmation")
    subscribe(a, "t65")
    let name = String(repeating: "x", count: 129)
    a.say("subscribe \(name)")
    a.expectText(
      "Echo: subscribe \(name)",
      "A subscribes to a topic with a name of 129 bytes, and the server accepts it",
      "A limit of 64 topics does not help if each name is a megabyte long. Do not accept a name "
        + "longer than 128 bytes."
    )
  }

  static func usage() {
    let server = Program("--loops", "2")
    let a = join(["A"], server)[0]
    for text in ["subscribe", "unsubscribe", "publish", "publish news", "subscribe a b"] {
      a.say(text)
      a.expectText(
        "Echo: \(text)", "A says '\(text)', which is not a command, but it is not echoed",
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
          "A publishes 1 to 9, but \(client.name) receives fewer, or in another order",
          "Read A's next message only after all shards have replied.")
      }
    }
  }
}
