import Testing

/// Frames that RFC 6455 section 5 forbids: the connection fails with 1002.
@Suite(.transcribed) struct FrameRuleTests {
  typealias Frame = WebSocketFrame

  static let forbidden: [Sample] = bits + opcodes + masks + controls + fragments + lengths

  private static func error(_ what: String, _ bytes: [UInt8]) -> Sample {
    Sample(what, bytes, 1002)
  }

  private static let bits =
    (1...7).map { error("reserved bits \($0)", Frame(reserved: $0, opcode: Frame.text).encoded()) }
    + [
      error("a reserved bit in a ping", Frame(reserved: 4, opcode: Frame.ping).encoded()),
      error(
        "a reserved bit in a continuation",
        fragment + Frame(reserved: 4, opcode: Frame.continuation).encoded()),
    ]

  private static let opcodes = [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF].map {
    error("opcode \($0)", Frame(opcode: $0).encoded())
  }

  private static let masks = [
    error("unmasked text", Frame.text("hello").encoded(mask: nil)),
    error("unmasked empty text", Frame.text("").encoded(mask: nil)),
    error("unmasked ping", Frame(opcode: Frame.ping).encoded(mask: nil)),
    error("unmasked close", Frame.close(1000).encoded(mask: nil)),
  ]

  private static let controls = [Frame.close, Frame.ping, Frame.pong].flatMap { opcode in
    [
      error(
        "126 bytes in a control frame, opcode \(opcode)",
        Frame(opcode: opcode, payload: [UInt8](repeating: 3, count: 126)).encoded()),
      error(
        "2^32 bytes in a control frame, opcode \(opcode)",
        Frame(opcode: opcode).encoded(declaring: 1 << 32)),
      error(
        "a fragment of a control frame, opcode \(opcode)",
        Frame(isFinal: false, opcode: opcode).encoded()),
    ]
  }

  private static let fragments = [
    error("continuation of nothing", Frame(opcode: Frame.continuation).encoded()),
    error(
      "unfinished continuation of nothing",
      Frame(isFinal: false, opcode: Frame.continuation).encoded()),
    error("text in a fragmented text", fragment + Frame.text("b").encoded()),
    error("binary in a fragmented text", fragment + Frame(opcode: Frame.binary).encoded()),
    error("another start in a fragmented text", fragment + fragment),
  ]

  private static let lengths = [
    error("5 bytes, length in 16 bits", Frame.text("hello").encoded(.bits16)),
    error("125 bytes, length in 16 bits", ofSize(125).encoded(.bits16)),
    error("5 bytes, length in 64 bits", Frame.text("hello").encoded(.bits64)),
    error("126 bytes, length in 64 bits", ofSize(126).encoded(.bits64)),
    error("65535 bytes, length in 64 bits", ofSize(65_535).encoded(.bits64)),
    error("ping, length in 16 bits", Frame(opcode: Frame.ping, payload: [1]).encoded(.bits16)),
    error("length 2^63", Frame(opcode: Frame.binary).encoded(declaring: 1 << 63)),
    error("length 2^64 - 1", Frame(opcode: Frame.binary).encoded(declaring: .max)),
  ]

  private static let fragment = Frame.text("a", isFinal: false).encoded()
  private static func ofSize(_ size: Int) -> Frame {
    Frame(opcode: Frame.binary, payload: [UInt8](repeating: 3, count: size))
  }

  @Test(arguments: Chapter.allCases, forbidden)
  func `a forbidden frame is a protocol error`(
    chapter: Chapter, forbidden: Sample
  ) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      // A correct message before it still gets its answer.
      try webSocket.client.send(Frame.text("before").encoded() + forbidden.bytes)
      #expect(try webSocket.readText() == "before")
      try webSocket.expectClose(UInt16(forbidden.outcome))
    }
  }

  @Test(arguments: Chapter.allCases, [0, 1, 125])
  func `a ping gets a pong with the same payload`(chapter: Chapter, size: Int) throws {
    try chapter.withServer { server in
      for path in ["/echo", "/ws"] {
        let webSocket = try server.connectWebSocket(path)
        let payload = (0..<size).map { UInt8(255 - $0) }
        try webSocket.send(Frame(opcode: Frame.ping, payload: payload))
        #expect(try webSocket.read() == Frame(opcode: Frame.pong, payload: payload))
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `an unsolicited pong is ignored`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(
        Frame(opcode: Frame.pong, payload: [1, 2, 3]), .text("hello"), Frame(opcode: Frame.pong))
      #expect(try webSocket.readText() == "hello")
      try webSocket.send("again")
      #expect(try webSocket.readText() == "again")
    }
  }
}
