extension Session {
  /// The opening handshake: RFC 6455, section 4.2.
  func handshake(with request: Request) -> (answer: String, isUpgrade: Bool) {
    guard request.field("upgrade", contains: "websocket"),
      request.field("connection", contains: "upgrade")
    else { return (respond("426 Upgrade Required\r\nUpgrade: websocket"), false) }
    guard request.fields["sec-websocket-version"] == "13" else {
      return (respond("426 Upgrade Required\r\nSec-WebSocket-Version: 13"), false)
    }
    guard let key = request.fields["sec-websocket-key"], key.utf8.count == 24 else {
      return (respond("400 Bad Request"), false)
    }
    let answer = """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: \(acceptValue(for: key))\r
      \r\n
      """
    return (answer, true)
  }
}

/// Proves that the server read this request and knows what a WebSocket is.
func acceptValue(for key: String) -> String {
  base64(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
}
