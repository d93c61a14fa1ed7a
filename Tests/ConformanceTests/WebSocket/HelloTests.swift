import Testing

/// The commands on `/ws`.
@Suite(.transcribed) struct HelloTests {
  @Test(arguments: Chapter.allCases)
  func `a single client can talk to the server and to itself`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/ws")
      let id = try webSocket.askWhoAmI()
      func answer(to message: String) throws -> String {
        try webSocket.send(message)
        return try webSocket.readText()
      }
      #expect(try answer(to: "hello") == "Echo: hello")
      #expect(try answer(to: "") == "Echo: ")
      #expect(try answer(to: "whoami?") == "Echo: whoami?")
      #expect(try answer(to: "Broadcast") == "Echo: Broadcast")
      #expect(try answer(to: "broadcast") == "Hello from client \(id)")
      #expect(try answer(to: "send \(id) hello, me") == "From client \(id): hello, me")
      #expect(try answer(to: "send 999999 anybody?") == "No client 999999")
      #expect(try answer(to: "whoami") == "You are client \(id)")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `commands in one packet are answered in order`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/ws")
      let id = try webSocket.askWhoAmI()
      try webSocket.send(
        .text("a"), .text("broadcast"), .text("b"), .text("send \(id) c"), .text("whoami"))
      #expect(try webSocket.readText() == "Echo: a")
      #expect(try webSocket.readText() == "Hello from client \(id)")
      #expect(try webSocket.readText() == "Echo: b")
      #expect(try webSocket.readText() == "From client \(id): c")
      #expect(try webSocket.readText() == "You are client \(id)")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a binary message comes back unchanged`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/ws")
      for payload in [[], Array("whoami".utf8), [0, 0xff, 0x80]] as [[UInt8]] {
        let frame = WebSocketFrame(opcode: WebSocketFrame.binary, payload: payload)
        try webSocket.send(frame)
        #expect(try webSocket.readMessage() == frame)
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `no two clients get the same number`(chapter: Chapter) throws {
    try chapter.withServer { server in
      var ids: Set<Int> = []
      for _ in 1...5 { ids.insert(try server.connectWebSocket("/ws").askWhoAmI()) }
      #expect(ids.count == 5)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a client that left is unknown`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let gone = try server.connectWebSocket("/ws")
      let id = try gone.askWhoAmI()
      try gone.send(.close(1000))
      try gone.expectClose(1000)
      gone.client.close()
      let webSocket = try server.connectWebSocket("/ws")
      try webSocket.send("send \(id) hello?")
      #expect(try webSocket.readText() == "No client \(id)")
      try webSocket.send("broadcast")
      #expect(try webSocket.readText() == "Hello from client \(webSocket.askWhoAmI())")
    }
  }

  @Test(arguments: Chapter.allCases.filter { !$0.hasTopics })
  func `in servers without topics, topic commands are ordinary text`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/ws")
      for text in ["subscribe news", "publish news hello", "unsubscribe news"] {
        try webSocket.send(text)
        #expect(try webSocket.readText() == "Echo: \(text)")
      }
    }
  }

  @Test(
    .enabled(if: !Chapter.concurrent.isEmpty, Chapter.onlySequential),
    arguments: Chapter.concurrent)
  func `a broadcast reaches every client`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let clients = try (1...3).map { _ in try server.connectWebSocket("/ws") }
      let ids = try clients.map { try $0.askWhoAmI() }
      let bystander = try server.connectWebSocket("/echo")
      for (sender, id) in zip(clients, ids) {
        try sender.send("broadcast")
        for client in clients { #expect(try client.readText() == "Hello from client \(id)") }
      }
      try bystander.send("only this")
      #expect(try bystander.readText() == "only this")
    }
  }

  @Test(
    .enabled(if: !Chapter.concurrent.isEmpty, Chapter.onlySequential),
    arguments: Chapter.concurrent)
  func `a message to another client reaches only that client`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let clients = try (1...3).map { _ in try server.connectWebSocket("/ws") }
      let ids = try clients.map { try $0.askWhoAmI() }
      try clients[0].send("send \(ids[1]) hello, you")
      #expect(try clients[1].readText() == "From client \(ids[0]): hello, you")
      // The next thing that the others receive is the answer to their own question.
      #expect(try clients[0].askWhoAmI() == ids[0])
      #expect(try clients[2].askWhoAmI() == ids[2])
    }
  }
}

extension WebSocketClient {
  /// The number by which the server knows this client.
  func askWhoAmI() throws -> Int {
    try send("whoami")
    let answer = try readText()
    let prefix = "You are client "
    guard answer.hasPrefix(prefix), let id = Int(answer.dropFirst(prefix.count)) else {
      throw HarnessError("expected 'You are client N', got '\(answer)'")
    }
    return id
  }
}
