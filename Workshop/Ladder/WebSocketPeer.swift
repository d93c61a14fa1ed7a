import Kit

/// A client that speaks WebSocket, frame by frame.
struct WebSocketPeer {
  struct Frame: Equatable {
    let opcode: UInt8
    let payload: [UInt8]
  }

  static let (text, close, ping, pong): (UInt8, UInt8, UInt8, UInt8) = (1, 8, 9, 10)
  /// The example key and the accept value from RFC 6455, section 1.3.
  static let key = "dGhlIHNhbXBsZSBub25jZQ=="
  static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
  static let upgrade = [
    "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: \(key)",
  ]

  let client: Client

  /// Opens a connection and performs the opening handshake.
  init(_ name: String, _ path: String, _ server: Program) {
    client = server.connect(name)
    client.send(Self.handshake(path))
    expectUpgrade()
  }

  /// Returns the opening handshake.
  /// - Parameter fields: replaces the usual fields.
  static func handshake(_ path: String, _ fields: [String] = upgrade) -> String {
    (["GET \(path) HTTP/1.1", "Host: ladder"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
  }

  private func expectUpgrade() {
    let reply = client.expectReply(
      101, "the opening handshake was not accepted",
      "A GET with 'Upgrade: websocket' and a key asks the server to switch this connection to "
        + "WebSocket. The server agrees with 101 (RFC 6455, section 4.2.2).")
    expect(
      reply.field("Sec-WebSocket-Accept") == Self.accept,
      "Sec-WebSocket-Accept has the wrong value",
      "Append the text 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 to the key, hash the result with "
        + "SHA-1, and encode the hash in Base64. This proves that the server read the handshake.",
      expected: "Sec-WebSocket-Accept: \(Self.accept)", happened: show(reply.head))
  }

  // MARK: Frames

  /// Sends a frame, masked as a client must.
  func send(_ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true, isMasked: Bool = true) {
    let mask: [UInt8] = isMasked ? [0x37, 0xFA, 0x21, 0x3D] : []
    let first = [(isLast ? 0x80 : 0) | opcode]
    let marked = UInt8(isMasked ? 0x80 : 0)
    let count = payload.count
    let length: [UInt8] =
      switch count {
      case ..<126: [marked | UInt8(count)]
      case ...0xFFFF: [marked | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
      default: [marked | 127] + (0..<8).map { UInt8(count >> (56 - 8 * $0) & 0xFF) }
      }
    let data = isMasked ? payload.enumerated().map { $1 ^ mask[$0 & 3] } : payload
    client.send(first + length + mask + data)
  }

  func send(_ text: String) { send(Self.text, Array(text.utf8)) }

  /// Reads the next frame; `nil` if there is none.
  func frame() -> Frame? {
    let head = client.bytes(2)
    guard head.count == 2 else { return nil }
    var length = Int(head[1] & 0x7F)
    if length >= 126 {
      length = client.bytes(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    let payload = client.bytes(length)
    return payload.count == length ? Frame(opcode: head[0] & 0x0F, payload: payload) : nil
  }

  /// Reads a frame and fails if it is not this one.
  func expectFrame(_ opcode: UInt8, _ payload: [UInt8], _ problem: String, _ why: String) {
    let frame = frame()
    if frame == Frame(opcode: opcode, payload: payload) { return }
    fail(
      problem, why, expected: "\(client.name) gets \(describe(opcode, payload))",
      happened: frame.map { "\(client.name) got \(describe($0.opcode, $0.payload))" }
        ?? "\(client.name) got no complete frame")
  }

  func expectText(_ text: String, _ problem: String, _ why: String) {
    expectFrame(Self.text, Array(text.utf8), problem, why)
  }

  /// Reads the next frame and fails if it is not a close frame with this code.
  func expectClose(_ code: Int, _ problem: String, _ why: String) {
    let frame = frame()
    guard let frame, frame.opcode == Self.close, frame.payload.count >= 2,
      Int(frame.payload[0]) << 8 | Int(frame.payload[1]) == code
    else {
      fail(
        problem, why, expected: "\(client.name) gets a close frame with code \(code)",
        happened: frame.map { "\(client.name) got \(describe($0.opcode, $0.payload))" }
          ?? "\(client.name) got no complete frame")
    }
  }

  private func describe(_ opcode: UInt8, _ payload: [UInt8]) -> String {
    let names: [UInt8: String] = [
      0: "a continuation", 1: "a text", 2: "a binary", 8: "a close", 9: "a ping", 10: "a pong",
    ]
    let name = names[opcode] ?? "an unknown (\(opcode))"
    if opcode == Self.close && payload.count >= 2 {
      return "a close frame with code \(Int(payload[0]) << 8 | Int(payload[1]))"
    }
    return "\(name) frame with \(show(payload))"
  }
}
