import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("every client has its own number") { numbers() },
    Part("a broadcast reaches every client, even a silent one") { broadcast() },
    Part("a message for one client reaches only that client") { send() },
    Part("a client that left is no longer in the registry") { left() },
  ]

  /// Connects clients of /ws, with the numbers 1, 2, …
  static func join(_ names: [String], _ server: Program) -> [Client] {
    names.map { name in
      let client = server.connect(name)
      client.openWebSocket()
      server.settle()
      return client
    }
  }

  static func numbers() {
    let server = Program()
    let clients = join(["A", "B"], server)
    for (index, client) in clients.enumerated() {
      client.say("whoami")
      client.expectText(
        "You are client \(index + 1)", "\(client.name) asks who it is, but is not told",
        "The loop assigns the number when the session returns .deliver(.join).")
    }
    clients[0].hangUp()
    server.settle()
    let c = join(["C"], server)[0]
    c.say("whoami")
    c.expectText(
      "You are client 3", "A left, C connected, and C has a number that was already given out",
      "The number of connected clients cannot be a client's number, because it repeats when one "
        + "leaves. Count every client that ever connected.")
  }

  static func broadcast() {
    let server = Program()
    let clients = join(["A", "B", "C"], server)
    clients[0].say("broadcast")
    clients[0].say("whoami")
    for client in clients {
      client.expectText(
        "Hello from client 1", "A broadcast, but \(client.name) does not receive it",
        "The frame is in its session, but the client is silent, so no event will come to send it. "
          + "Put the client on a list of clients that continue without an event.")
    }
    clients[0].expectText(
      "You are client 1",
      "A got its own copy of the broadcast, but not the answer to its next message")
  }

  static func send() {
    let server = Program()
    let clients = join(["A", "B", "C"], server)
    clients[0].say("send 2 how are you?")
    clients[1].expectText("From client 1: how are you?", "A wrote to B, but B does not receive it")
    clients[2].expectNothing("A wrote to B, but C receives it")
    clients[0].say("send 99 hello")
    clients[0].expectText(
      "No client 99", "A wrote to a client that does not exist, but is not told")
  }

  static func left() {
    let server = Program()
    let clients = join(["A", "B"], server)
    clients[1].hangUp()
    server.settle()
    clients[0].say("send 2 hello")
    clients[0].expectText(
      "No client 2", "B left and A wrote to it, but A is not told",
      "When a connection closes, it must also leave the registry.")
  }
}
