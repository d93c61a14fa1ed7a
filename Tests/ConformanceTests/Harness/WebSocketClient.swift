/// A client's side of RFC 6455, which can also break every rule of it.
final class WebSocketClient {
  let client: Client

  init(_ client: Client) { self.client = client }

  /// RFC 6455 section 1.3: the example's key, and the answer that the server must give.
  static let sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="
  static let sampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

  /// The header fields of a correct opening handshake, with one of them omitted or replaced.
  static func upgrade(_ path: String, replacing replacements: [String: String?] = [:]) -> String {
    var fields: [(String, String)] = [
      ("Upgrade", "websocket"), ("Connection", "Upgrade"),
      ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", sampleKey),
    ]
    for (name, value) in replacements {
      fields.removeAll { $0.0 == name }
      if let value { fields.append((name, value)) }
    }
    let lines = fields.map { "\($0): \($1)\r\n" }.joined()
    return "GET \(path) HTTP/1.1\r\nHost: test\r\n\(lines)\r\n"
  }

  /// Performs the opening handshake (section 4), which must succeed.
  func handshake(_ path: String) throws {
    try client.send(Self.upgrade(path))
    try expectAccepted()
  }

  func expectAccepted() throws {
    let response = try HTTPResponse(head: client.readHead())
    guard response.status == 101, response["sec-websocket-accept"] == Self.sampleAccept else {
      throw HarnessError("not a WebSocket: \(response)")
    }
  }

  func send(_ frames: WebSocketFrame...) throws { try client.send(frames.flatMap { $0.encoded() }) }
  func send(_ text: String) throws { try send(.text(text)) }

  /// Receives the next frame. A server must neither mask nor use reserved bits (sections 5.1, 5.2).
  func read() throws -> WebSocketFrame {
    let head = try client.read(2)
    guard head[0] & 0x70 == 0, head[1] & 0x80 == 0 else {
      throw HarnessError("reserved bits or a mask in a server's frame: \(head)")
    }
    var length = Int(head[1])
    if length > 125 {
      length = try client.read(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    return WebSocketFrame(
      isFinal: head[0] & 0x80 != 0, opcode: head[0] & 0xf, payload: try client.read(length))
  }

  /// Receives the next message, which must be text.
  func readText() throws -> String {
    let message = try readMessage()
    guard message.opcode == WebSocketFrame.text else {
      throw HarnessError(
        "not a text message: opcode \(message.opcode), \(message.payload.count) bytes")
    }
    return String(decoding: message.payload, as: UTF8.self)
  }

  /// Receives the next message, assembled from its fragments.
  func readMessage() throws -> WebSocketFrame {
    var message = try read()
    while !message.isFinal {
      let fragment = try read()
      guard fragment.opcode == WebSocketFrame.continuation else {
        throw HarnessError("opcode \(fragment.opcode) instead of a continuation")
      }
      message.payload += fragment.payload
      message.isFinal = fragment.isFinal
    }
    return message
  }

  /// Expects a close frame with this code, then the end of the connection (sections 5.5.1, 7.1.1).
  func expectClose(_ code: UInt16) throws {
    let frame = try read()
    guard frame.opcode == WebSocketFrame.close, frame.payload.count >= 2 else {
      throw HarnessError("not a close frame with a code: \(frame)")
    }
    let received = UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1])
    guard received == code else { throw HarnessError("close code \(received) instead of \(code)") }
    try client.expectClosed()
  }
}
