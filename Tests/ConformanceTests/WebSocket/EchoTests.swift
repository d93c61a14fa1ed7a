import Testing

@Suite(.transcribed) struct EchoTests {
  @Test(
    arguments: Chapter.allCases, [0, 1, 125, 126, 127, 65_535, 65_536, 1_048_576])
  func `messages of every size come back byte for byte`(chapter: Chapter, size: Int) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      for opcode in [WebSocketFrame.text, WebSocketFrame.binary] {
        // Bytes that repeat neither with the mask's period of four nor at powers of two; ASCII in
        // text messages.
        let range: Int = opcode == WebSocketFrame.text ? 95 : 251
        let offset = opcode == WebSocketFrame.text ? 32 : 0
        let payload = (0..<size).map { UInt8($0 % range + offset) }
        try webSocket.send(WebSocketFrame(opcode: opcode, payload: payload))
        let echo = try webSocket.readMessage()
        #expect(echo.opcode == opcode)
        let isSame = echo.payload == payload
        #expect(isSame, "\(echo.payload.count) bytes came back")
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a hundred messages in one packet come back in order`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.client.send(
        (0..<100).flatMap { WebSocketFrame.text("message \($0)").encoded() })
      for index in 0..<100 { #expect(try webSocket.readText() == "message \(index)") }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `frames may arrive byte by byte`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      let payload = (0..<300).map { UInt8($0 & 0xff) }
      let frame = WebSocketFrame(opcode: WebSocketFrame.binary, payload: payload)
      try webSocket.client.sendByteByByte(frame.encoded() + WebSocketFrame.text("é€😀").encoded())
      #expect(try webSocket.readMessage() == frame)
      #expect(try webSocket.readText() == "é€😀")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `fragments become one message, and pings in between are answered at once`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(.text("one, ", isFinal: false))
      try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.ping, payload: [1]))
      #expect(try webSocket.read() == WebSocketFrame(opcode: WebSocketFrame.pong, payload: [1]))
      try webSocket.send(
        WebSocketFrame(
          isFinal: false, opcode: WebSocketFrame.continuation, payload: Array("two, ".utf8)),
        WebSocketFrame(isFinal: false, opcode: WebSocketFrame.continuation),
        WebSocketFrame(opcode: WebSocketFrame.ping, payload: [2]))
      #expect(try webSocket.read() == WebSocketFrame(opcode: WebSocketFrame.pong, payload: [2]))
      try webSocket.send(
        WebSocketFrame(opcode: WebSocketFrame.continuation, payload: Array("three".utf8)))
      #expect(try webSocket.readText() == "one, two, three")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `empty fragments form an empty message`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      try webSocket.send(
        WebSocketFrame(isFinal: false, opcode: WebSocketFrame.binary),
        WebSocketFrame(isFinal: false, opcode: WebSocketFrame.continuation),
        WebSocketFrame(opcode: WebSocketFrame.continuation))
      #expect(try webSocket.readMessage() == WebSocketFrame(opcode: WebSocketFrame.binary))
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a message over the default limit of 1 MiB is refused before its payload arrives`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      for length: UInt64 in [1_048_577, 1 << 40, 1 << 62, 1 << 63 - 1] {
        let webSocket = try server.connectWebSocket("/echo")
        let frame = WebSocketFrame(opcode: WebSocketFrame.binary)
        try webSocket.client.send(frame.encoded(declaring: length))
        try webSocket.expectClose(1009)
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `the limit on the command line applies to whole messages and to the sum of fragments`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--max-message", "1000"])
    var webSocket = try server.connectWebSocket("/echo")
    let half = [UInt8](repeating: 7, count: 500)
    let first = WebSocketFrame(isFinal: false, opcode: WebSocketFrame.binary, payload: half)
    try webSocket.send(first, WebSocketFrame(opcode: WebSocketFrame.continuation, payload: half))
    #expect(try webSocket.readMessage().payload == half + half)
    try webSocket.send(
      first, WebSocketFrame(opcode: WebSocketFrame.continuation, payload: half + [7]))
    try webSocket.expectClose(1009)
    webSocket.client.close()

    webSocket = try server.connectWebSocket("/echo")
    try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.binary, payload: half + half + [7]))
    try webSocket.expectClose(1009)
  }
}
