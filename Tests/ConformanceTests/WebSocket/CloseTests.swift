import Testing

/// The closing handshake (RFC 6455 sections 5.5.1 and 7.4).
@Suite(.transcribed) struct CloseTests {
  @Test(
    arguments: Chapter.allCases,
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16])
  func `a close frame is answered with its code, and the connection ends`(
    chapter: Chapter, code: UInt16
  ) throws {
    try chapter.withServer { server in
      for reason in ["", "bye, für immer"] {
        let webSocket = try server.connectWebSocket("/echo")
        try webSocket.send(.close(code, Array(reason.utf8)))
        try webSocket.expectClose(code)
      }
    }
  }

  @Test(arguments: Chapter.allCases, ["/echo", "/ws"])
  func `an empty close frame is answered with an empty close frame`(chapter: Chapter, path: String)
    throws
  {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket(path)
      try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.close))
      #expect(try webSocket.read() == WebSocketFrame(opcode: WebSocketFrame.close))
      try webSocket.client.expectClosed()
    }
  }

  @Test(
    arguments: Chapter.allCases,
    [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] as [UInt16])
  func `a close code that must not be sent is a protocol error`(chapter: Chapter, code: UInt16)
    throws
  {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(.close(code))
      try webSocket.expectClose(1002)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `half a close code is a protocol error`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.close, payload: [3]))
      try webSocket.expectClose(1002)
    }
  }

  @Test(arguments: Chapter.allCases, [[0xff], [0xe2, 0x82], [0xed, 0xa0, 0x80]] as [[UInt8]])
  func `a close reason that is not UTF-8 is refused`(chapter: Chapter, reason: [UInt8]) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(.close(1000, Array("bye".utf8) + reason))
      try webSocket.expectClose(1007)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a close reason of the greatest length is accepted`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(.close(1000, [UInt8](repeating: 0x61, count: 123)))
      try webSocket.expectClose(1000)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `nothing after a close frame is answered`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      let ping = WebSocketFrame(opcode: WebSocketFrame.ping)
      try webSocket.send(.text("before"), .close(1000), ping, .text("after"), .close(1001))
      #expect(try webSocket.readText() == "before")
      try webSocket.expectClose(1000)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a close frame in the middle of a message is answered`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(.text("half", isFinal: false), .close(1000))
      try webSocket.expectClose(1000)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a client that hangs up without a close frame does not hurt the next one`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/ws")
      try webSocket.send(.text("half", isFinal: false))
      webSocket.client.shutdownWriting()
      // Whether the client is told why does not matter; that the connection ends does.
      while (try? webSocket.read()) != nil {}
      webSocket.client.close()
      #expect(try server.get("/").text == "Hello")
    }
  }
}
