/// The parts of a client that speak WebSocket (RFC 6455), for the steps of chapter 5.
extension Client {
  /// A frame sent by a server.
  public struct ReceivedFrame: Sendable {
    /// The first byte: 0x81 is a complete text message, 0x88 a close frame.
    public let first: UInt8
    public let payload: [UInt8]
    /// Whether the frame claims to be masked, which a server's frames must not be.
    public let isMasked: Bool
    public var text: String { String(decoding: payload, as: UTF8.self) }
    /// The code of a close frame, or 1005 if it has none.
    public var code: Int { payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1]) }
  }

  /// Asks for a WebSocket. Fails if the server refuses.
  public func openWebSocket(_ path: String = "/ws") {
    ask(
      path, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    expectReply(101, "\(name) asked for a WebSocket but did not get one")
  }

  /// Sends a text message in one frame.
  public func say(_ text: String) { send(Self.frame(0x81, Array(text.utf8))) }

  /// Returns the bytes of a frame.
  /// - Parameters:
  ///   - first: FIN, the reserved bits, and the opcode.
  ///   - mask: `nil` for a frame without a mask, which a client must not send.
  public static func frame(
    _ first: UInt8, _ payload: [UInt8], mask: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D]
  ) -> [UInt8] {
    let count = payload.count
    let size = count < 126 ? 0 : count <= 0xFFFF ? 2 : 8
    let short = size == 0 ? UInt8(count) : size == 2 ? 126 : 127
    var bytes = [first, short | (mask == nil ? 0 : 0x80)]
    for index in 0..<size {
      bytes.append(UInt8(truncatingIfNeeded: count >> (8 * (size - 1 - index))))
    }
    guard let mask else { return bytes + payload }
    return bytes + mask + payload.enumerated().map { $0.element ^ mask[$0.offset % 4] }
  }

  /// Waits for a frame. Returns `nil` if the connection ends, or if nothing more arrives.
  public func receiveFrame(patience: Duration = .milliseconds(500)) -> ReceivedFrame? {
    let head = bytes(2, patience: patience)
    guard head.count == 2 else { return nil }
    var length = Int(head[1] & 0x7F)
    if length > 125 {
      length = bytes(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    let payload = bytes(length)
    let frame = ReceivedFrame(first: head[0], payload: payload, isMasked: head[1] > 0x7F)
    Events.add("\(name) receives frame 0x\(String(head[0], radix: 16)) with \(show(payload))")
    return payload.count == length ? frame : nil
  }

  /// Waits for a text message. Fails if a different frame arrives, or none.
  public func expectText(_ text: String, _ problem: String, _ why: String = "") {
    let frame = receiveFrame()
    expect(
      frame?.first == 0x81 && frame?.text == text && frame?.isMasked == false, problem, why,
      expected: "a text frame with \(show(text))",
      happened: frame.map { "frame 0x\(String($0.first, radix: 16)) with \(show($0.payload))" }
        ?? "no frame")
  }

  /// Waits for a close frame with this code, then for the end of the connection.
  public func expectClose(_ code: Int, _ problem: String, _ why: String = "") {
    let frame = receiveFrame()
    expect(
      frame?.first == 0x88 && frame?.code == code, problem, why,
      expected: "a close frame with code \(code)",
      happened: frame.map {
        $0.first == 0x88 ? "code \($0.code)" : "a frame 0x\(String($0.first, radix: 16))"
      }
        ?? "no frame")
    expectEnd("the server sent \(name) a close frame, but the connection stays open")
  }
}
