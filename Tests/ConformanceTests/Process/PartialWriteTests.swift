import Testing

/// The kernel takes very little at a time, so every answer goes out in parts.
@Suite struct PartialWriteTests {
  /// The smallest buffer that the kernel allows: some 4 KB (socket(7) `SO_SNDBUF`).
  static let tiny = ["--send-buffer", "1KiB"]

  /// A client for which the kernel keeps little as well, and which reads in portions that match no
  /// boundary.
  private func connect(_ server: ServerProcess) throws -> Client {
    try Client(port: server.port, receiveBuffer: 4096, portion: 1009)
  }

  @Test(arguments: Chapter.allCases)
  func `a series of requests is answered completely and in order`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.tiny)
    let page = try server.get("/chat").body
    let client = try connect(server)
    let targets = ["/", "/chat", "/nope"]
    // The pattern has no short period, so an answer in the wrong place cannot look right.
    let order = (0..<100).map { $0 * $0 * 7 % 31 % targets.count }
    try client.send(order.map { request(targets[$0]) }.joined())
    for (index, target) in order.enumerated() {
      let response = try client.readResponse()
      #expect(response.status == (target == 2 ? 404 : 200), "answer \(index)")
      if target == 0 { #expect(response.text == "Hello", "answer \(index)") }
      if target == 1 { #expect(response.body == page, "answer \(index)") }
    }
    try client.send(request("/", "Connection: close"))
    #expect(try client.readResponse().text == "Hello")
    try client.expectClosed()
  }

  @Test(arguments: Chapter.allCases)
  func `large messages come back completely and in order`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.tiny)
    let webSocket = try WebSocketClient(connect(server))
    try webSocket.handshake("/echo")
    let sizes = [1 << 20, 5, 70_000, 0, 1 << 18]
    let messages = sizes.enumerated().map { index, size in
      WebSocketFrame(
        opcode: WebSocketFrame.binary,
        payload: (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7 + index) })
    }
    let writer = try Background { for message in messages { try webSocket.send(message) } }
    for message in messages {
      let isSame = try webSocket.readMessage() == message
      #expect(isSame, "the message of \(message.payload.count) bytes")
    }
    try writer.wait()
  }
}
