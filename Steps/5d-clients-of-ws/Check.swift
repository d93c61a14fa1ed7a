import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("every client has a number, and no other client has it") { numbers() },
    Part("a broadcast reaches every client, also one that is silent") { broadcast() },
    Part("a message for one client reaches this one") { send() },
    Part("a client that left is not in the registry any more") { left() },
  ]

  /// Clients of /ws, with the numbers 1, 2, …
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
        "You are client \(index + 1)", "\(client.name) asks who it is, and is not told",
        "The loop assigns the number when the session says .deliver(.join).")
    }
    clients[0].hangUp()
    server.settle()
    let c = join(["C"], server)[0]
    c.say("whoami")
    c.expectText(
      "You are client 3", "A left, C came, and C has a number that was given out before",
      "The number of clients is no number for a client: when one leaves, it repeats. Count "
        + "every client that ever came.")
  }

  static func broadcast() {
    let server = Program()
    let clients = join(["A", "B", "C"], server)
    clients[0].say("broadcast")
    clients[0].say("whoami")
    for client in clients {
      client.expectText(
        "Hello from client 1", "A broadcasts, and \(client.name) does not hear it",
        "The frame is in its session, and the client is silent: no event will come to send "
          + "it. Put it on a list of clients that continue without an event.")
    }
    clients[0].expectText(
      "You are client 1", "A's own copy comes before the next answer, which is lost")
  }

  static func send() {
    let server = Program()
    let clients = join(["A", "B", "C"], server)
    clients[0].say("send 2 how are you?")
    clients[1].expectText("From client 1: how are you?", "A writes to B, and B does not hear it")
    clients[2].expectNothing("A writes to B, and C hears it")
    clients[0].say("send 99 hello")
    clients[0].expectText("No client 99", "A writes to a client that does not exist")
  }

  static func left() {
    let server = Program()
    let clients = join(["A", "B"], server)
    clients[1].hangUp()
    server.settle()
    clients[0].say("send 2 hello")
    clients[0].expectText(
      "No client 2", "B has left, A writes to it, and is not told",
      "When a connection closes, it must leave the registry, too.")
  }
}
