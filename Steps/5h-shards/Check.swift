import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a number tells which shard its client is on") { numbers() },
    Part("a message for one client goes to its shard") { send() },
    Part("a broadcast reaches the clients of all shards") { broadcast() },
    Part("a client's own copy comes before its next answer") { ownCopy() },
    Part("a number that no client has") { noClient() },
    Part("a client that left is gone for all shards") { left() },
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

  static func numbers() {
    let server = Program("--loops", "3")
    var clients = join(["A", "B"], server)
    let http = server.connect("H")
    http.ask("/")
    http.expectReply(body: "Hello", "H asks for /, but does not get it")
    clients += join(["C", "D", "E"], server)
    for (client, number) in zip(clients, [1, 2, 4, 5, 3]) {
      client.say("whoami")
      client.expectText(
        "You are client \(number)", "\(client.name)'s number does not tell which shard it is on",
        "The shards get clients in turn: A, B, H, and then C, D, E. H only speaks HTTP and has no "
          + "number. Shard 0 of 3 gives out 1, 4, 7, shard 1 gives out 2, 5, 8, shard 2 gives out "
          + "3, 6, 9, so the shards do not have to ask each other.")
    }
  }

  static func send() {
    let server = Program("--loops", "3")
    let clients = join(["A", "B", "C", "D", "E"], server)
    for (index, client) in clients.enumerated() {
      clients[1].say("send \(index + 1) hello")
      client.expectText(
        "From client 2: hello",
        "B wrote to client \(index + 1), but \(client.name) does not receive it",
        "Clients are numbered from 1, and shards from 0, so the shard of client id is (id - 1) % 3."
      )
    }
  }

  static func broadcast() {
    let server = Program("--loops", "3")
    let clients = join(["A", "B", "C", "D", "E"], server)
    for round in 1...3 {
      clients[1].say("broadcast")
      for client in clients {
        client.expectText(
          "Hello from client 2", "B broadcast (\(round)), but \(client.name) does not receive it",
          "Each shard gets one message, and gives the frame to all its members.")
      }
    }
  }

  /// Several frames in one `send` arrive in one piece.
  static func frame(_ text: String) -> [UInt8] { Client.frame(0x81, Array(text.utf8)) }

  static func ownCopy() {
    let server = Program("--loops", "3")
    let b = join(["A", "B"], server)[1]
    b.send(frame("broadcast") + frame("whoami"))
    b.expectText(
      "Hello from client 2", "B broadcasts, then asks, and gets the answer before its own copy",
      "Read no more messages until all shards have replied: the client waits in .awaitingReply.")
    b.expectText("You are client 2", "B broadcasts, then asks, but gets no answer")
  }

  static func noClient() {
    let server = Program("--loops", "3")
    let a = join(["A"], server)[0]
    for number in [2, 3, 4, 99] {
      a.say("send \(number) hello")
      a.expectText(
        "No client \(number)", "A wrote to client \(number), which does not exist, but is not told",
        "Only the shard that would own this client knows, so its reply must say so.")
    }
    for number in [0, -1, -3] {
      a.say("send \(number) hello")
      a.expectText(
        "No client \(number)",
        "A wrote to client \(number), which can never exist, but is not told",
        "In Swift, -4 % 3 is -1, and an array has no element -1: the program crashes, and all its "
          + "clients are disconnected. Check a number from a client before you use it as an index.")
    }
  }

  static func left() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B"], server)
    clients[1].hangUp()
    server.settle()
    clients[0].say("send 2 hello")
    clients[0].expectText(
      "No client 2", "B left its shard and A wrote to it from another shard, but A is not told",
      "When a connection closes, its shard takes it out of its members.")
  }
}
