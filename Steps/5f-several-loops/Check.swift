import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("each loop has a thread") { threads() },
    Part("no two clients have the same number, on whatever loops") { numbers() },
    Part("a broadcast reaches the clients of all loops") { broadcast() },
    Part("a message for one client finds its loop") { send() },
    Part("a client that left is gone for all loops") { left() },
  ]

  /// Clients of /ws, one after the other: loop 1, loop 2, …
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
        body: "Hello", "\(name) connects, and is not served",
        "The first loop accepts it, and leaves it in the inbox of a loop. Its thread sleeps in "
          + "epoll_wait: the message has to wake it, with eventfd_write.")
    }
    expect(
      server.threads >= 4, "--loops 4, and the program has \(server.threads) thread(s)",
      "One thread uses one core. The main thread runs the first loop, and each other loop gets a "
        + "thread.", expected: "4 threads", happened: "\(server.threads)")
    let used = server.cpuTime(during: .milliseconds(150))
    expect(
      used < .milliseconds(50), "the loops spin: they use CPU time while nothing happens",
      "Each waits in epoll_wait. The eventfd that wakes it is watched with EPOLLET.",
      happened: "\(used) in 150 ms")
  }

  static func numbers() {
    let server = Program("--loops", "2")
    for (index, client) in join(["A", "B", "C", "D"], server).enumerated() {
      client.say("whoami")
      client.expectText(
        "You are client \(index + 1)", "\(client.name) has a number that is not its own",
        "The loops count apart from each other. There is one counter, behind the mutex of the "
          + "registry, and whoever adds a client takes the number there.")
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
          "Hello from client 2", "B broadcasts (\(round)), and \(client.name) does not hear it",
          "A and C live on another loop than B. Only that loop can give them the frame: leave it a "
            + "message that says so.")
      }
      clients[1].expectText(
        "You are client 2", "B's own copy comes before the next answer, which is lost")
    }
  }

  static func send() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    clients[0].say("send 4 how are you?")
    clients[3].expectText("From client 1: how are you?", "A writes to D, and D does not hear it")
    clients[0].say("send 3 and you?")
    clients[2].expectText("From client 1: and you?", "A writes to C, and C does not hear it")
    clients[1].expectNothing(
      "A writes to C and to D, and B hears it",
      "A token names a connection on its loop. On another loop the same token is another client.")
    clients[0].say("send 99 hello")
    clients[0].expectText("No client 99", "A writes to a client that does not exist")
  }

  static func left() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B"], server)
    clients[1].hangUp()
    server.settle()
    clients[0].say("send 2 hello")
    clients[0].expectText(
      "No client 2", "B has left its loop, A writes to it from another one, and is not told",
      "When a connection closes, its loop takes it out of the registry that all loops share.")
  }
}
