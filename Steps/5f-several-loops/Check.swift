import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("each loop has its own thread") { threads() },
    Part("no two clients have the same number, on any loop") { numbers() },
    Part("a broadcast reaches the clients of all loops") { broadcast() },
    Part("a message for one client finds its loop") { send() },
    Part("a client that left is gone for all loops") { left() },
  ]

  /// Connects clients of /ws, one after another: loop 1, loop 2, …
  static func join(_ names: [String], _ server: Program) -> [Client] {
    names.map { name in
      let client = server.connect(name)
      client.openWebSocket()
      server.settle()
      return client
    }
  }

  static func threads() {
    let server = Program("--loops", "4")
    for name in ["A", "B", "C", "D"] {
      let client = server.connect(name)
      client.ask("/")
      client.expectReply(
        body: "Hello", "\(name) connects, but is not served",
        "The first loop accepts it and leaves it in the inbox of another loop. That loop's thread "
          + "sleeps in epoll_wait, so the message has to wake it, with eventfd_write.")
    }
    expect(
      server.threads >= 4,
      "the program was started with --loops 4, but has \(server.threads) thread(s)",
      "One thread uses one core. The main thread runs the first loop, and every other loop needs "
        + "its own thread.", expected: "4 threads", happened: "\(server.threads)")
    let used = server.cpuTime(during: .milliseconds(150))
    expect(
      used < .milliseconds(50), "the loops spin: they use CPU time while nothing happens",
      "Each loop should wait in epoll_wait. Watch the eventfd that wakes it with EPOLLET.",
      happened: "\(used) in 150 ms")
  }

  static func numbers() {
    let server = Program("--loops", "2")
    for (index, client) in join(["A", "B", "C", "D"], server).enumerated() {
      client.say("whoami")
      client.expectText(
        "You are client \(index + 1)", "\(client.name) has the wrong number",
        "Each loop keeps its own count. There must be one counter, behind the registry's mutex, "
          + "and each client must get its number from it when you add the client.")
    }
  }

  static func broadcast() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    for round in 1...3 {
      clients[1].say("broadcast")
      clients[1].say("whoami")
      for client in clients {
        client.expectText(
          "Hello from client 2", "B broadcast (\(round)), but \(client.name) does not receive it",
          "A and C belong to a different loop from B. Only that loop can give them the frame, so "
            + "leave it a message.")
      }
      clients[1].expectText(
        "You are client 2",
        "B got its own copy of the broadcast, but not the answer to its next message")
    }
  }

  static func send() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    clients[0].say("send 4 how are you?")
    clients[3].expectText("From client 1: how are you?", "A wrote to D, but D does not receive it")
    clients[0].say("send 3 and you?")
    clients[2].expectText("From client 1: and you?", "A wrote to C, but C does not receive it")
    clients[1].expectNothing(
      "A wrote to C and to D, but B receives it",
      "A token names a connection on one loop. On another loop, the same token names another "
        + "client.")
    clients[0].say("send 99 hello")
    clients[0].expectText(
      "No client 99", "A wrote to a client that does not exist, but is not told")
  }

  static func left() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B"], server)
    clients[1].hangUp()
    server.settle()
    clients[0].say("send 2 hello")
    clients[0].expectText(
      "No client 2", "B left its loop and A wrote to it from another loop, but A is not told",
      "When a connection closes, its loop takes it out of the registry that all loops share.")
  }
}
