import Testing

/// Text is UTF-8 (RFC 6455 section 8.1, RFC 3629), checked as it arrives.
@Suite(.transcribed) struct UTF8Tests {
  static let valid: [[UInt8]] = [
    Array("κόσμε, é, €, 😀".utf8),
    [0x00], [0x7f], [0xc2, 0x80], [0xdf, 0xbf], [0xe0, 0xa0, 0x80], [0xef, 0xbf, 0xbf],
    [0xed, 0x9f, 0xbf], [0xee, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0xf0, 0x90, 0x80, 0x80],
    [0xf4, 0x8f, 0xbf, 0xbf],
  ]

  @Test(arguments: Chapter.allCases, valid)
  func `text may be cut anywhere, even within a character`(
    chapter: Chapter, text: [UInt8]
  ) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      for cut in 0...text.count {
        try webSocket.send(
          WebSocketFrame(
            isFinal: false, opcode: WebSocketFrame.text, payload: Array(text[..<cut])),
          WebSocketFrame(opcode: WebSocketFrame.continuation, payload: Array(text[cut...])))
        #expect(try webSocket.readMessage().payload == text)
      }
    }
  }

  /// The shortest beginnings that are not UTF-8 (RFC 3629 section 4).
  static let invalid = [
    Sample("a continuation byte alone", [0x80], 1007),
    Sample("another", [0xbf], 1007),
    Sample("overlong /, 2 bytes", [0xc0], 1007),
    Sample("overlong DEL", [0xc1], 1007),
    Sample("overlong U+07FF, 3 bytes", [0xe0, 0x9f], 1007),
    Sample("overlong U+FFFF, 4 bytes", [0xf0, 0x8f], 1007),
    Sample("the first surrogate", [0xed, 0xa0], 1007),
    Sample("the last surrogate", [0xed, 0xbf], 1007),
    Sample("U+110000", [0xf4, 0x90], 1007),
    Sample("U+140000", [0xf5], 1007),
    Sample("5 bytes", [0xf8], 1007),
    Sample("6 bytes", [0xfc], 1007),
    Sample("FE", [0xfe], 1007),
    Sample("FF", [0xff], 1007),
    Sample("ASCII within a character of 2", [0xc3, 0x28], 1007),
    Sample("ASCII within a character of 3", [0xe2, 0x82, 0x28], 1007),
    Sample("a new character within one of 4", [0xf0, 0x9f, 0x98, 0xc3], 1007),
  ]

  @Test(arguments: Chapter.allCases, invalid)
  func `text that is not UTF-8 is refused`(chapter: Chapter, text: Sample) throws {
    try chapter.withServer { server in
      for path in ["/echo", "/ws"] {
        let webSocket = try server.connectWebSocket(path)
        let payload = Array("fine: ".utf8) + text.bytes + Array(" and more".utf8)
        try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.text, payload: payload))
        try webSocket.expectClose(UInt16(text.outcome))
      }
    }
  }

  @Test(arguments: Chapter.allCases, invalid)
  func `invalid bytes are refused at once, even in an unfinished message`(
    chapter: Chapter, text: Sample
  ) throws {
    try chapter.withServer { server in
      // In the first fragment, in a later one, and split over two.
      for cut in 0...text.bytes.count {
        let webSocket = try server.connectWebSocket("/echo")
        try webSocket.send(
          WebSocketFrame(
            isFinal: false, opcode: WebSocketFrame.text, payload: Array(text.bytes[..<cut])))
        // After the last cut the server may already have closed the connection.
        if cut < text.bytes.count {
          try webSocket.send(
            WebSocketFrame(
              isFinal: false, opcode: WebSocketFrame.continuation,
              payload: Array(text.bytes[cut...])))
        }
        try webSocket.expectClose(UInt16(text.outcome))
      }
    }
  }

  @Test(arguments: Chapter.allCases, invalid)
  func `invalid bytes are refused at once, even in an unfinished frame`(
    chapter: Chapter, text: Sample
  ) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      let frame = WebSocketFrame(opcode: WebSocketFrame.text, payload: text.bytes)
      try webSocket.client.send(frame.encoded(declaring: 100))
      try webSocket.expectClose(UInt16(text.outcome))
    }
  }

  @Test(arguments: Chapter.allCases, [[0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98]] as [[UInt8]])
  func `a message that ends within a character is refused`(chapter: Chapter, text: [UInt8]) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.text, payload: text))
      try webSocket.expectClose(1007)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `binary messages need not be UTF-8`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      for text in Self.invalid {
        let frame = WebSocketFrame(opcode: WebSocketFrame.binary, payload: text.bytes)
        try webSocket.send(frame)
        #expect(try webSocket.readMessage() == frame)
      }
    }
  }
}
