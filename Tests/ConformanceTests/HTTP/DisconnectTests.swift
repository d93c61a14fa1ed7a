import Testing

/// Clients that vanish or stop reading do no harm to other clients.
@Suite(.transcribed) struct DisconnectTests {
  static let beginnings = [
    "", "G", "GET / HTTP/1.1\r\nHost: test\r\n", request("/"),
    // Some answers are still unsent when the client is gone: sending the second of those would
    // raise SIGPIPE.
    request("/?delay=5ms") * 4,
    request("/", "Content-Length: 10") + "hello",
    request("/chat") * 200,
    WebSocketClient.upgrade("/ws"), WebSocketClient.upgrade("/echo") + "\u{1}",
  ]

  @Test(arguments: Chapter.allCases, beginnings)
  func `a client that vanishes does not hurt the next one`(
    chapter: Chapter, beginning: String
  ) throws {
    try chapter.withServer { server in
      for vanish in [{ $0.close() }, { $0.reset() }] as [(Client) -> Void] {
        // The client vanishes before the server has seen it, and after.
        for isRead in [false, true] {
          let client = try server.connect()
          try client.send(beginning)
          // Two hundred pages do not fit into the kernel's buffers: the server has to wait in the
          // middle of its answers.
          if isRead, beginning.utf8.count < 5000 { try server.waitUntilRead(client) }
          if isRead, beginning.hasSuffix("\r\n\r\n") { _ = try client.readHead() }
          vanish(client)
          #expect(try server.get("/").text == "Hello")
        }
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a client that never reads its answers is disconnected`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--send-timeout", "300ms"])
    let client = try server.connect()
    try client.sendUntilFull(Array((request("/chat") * 1000).utf8))
    try server.expectConnectionsOpen(1)
  }

  @Test(arguments: Chapter.allCases)
  func `a WebSocket client that never reads its messages is disconnected`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--send-timeout", "300ms"])
    let webSocket = try server.connectWebSocket("/echo")
    let message = WebSocketFrame(
      opcode: WebSocketFrame.binary, payload: [UInt8](repeating: 7, count: 100_000))
    try webSocket.client.sendUntilFull(message.encoded())
    try server.expectConnectionsOpen(1)
  }
}

extension ServerProcess {
  /// Waits until this many connections are open, including the one that asks.
  func expectConnectionsOpen(_ count: Int) throws {
    try eventually("\(count) connections are open") {
      try Stats(get("/stats").text)["connectionsOpen"] == "\(count)"
    }
  }
}
