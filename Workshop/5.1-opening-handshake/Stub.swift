import Kit

/// What the server answers: the status, and the fields that matter here.
struct Response {
  var status: Int
  var fields: [String: String] = [:]
}

/// Every server appends this text to the key (RFC 6455 section 1.3).
let fixedText = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/// Answers a request that may be the opening handshake of a WebSocket.
/// - Parameter fields: the request's fields by their names, which are in lower case here; for example
///   `fields["sec-websocket-key"]`. Values are as the client has sent them.
///
/// What must hold:
/// - `Upgrade` is `websocket`, and `Connection`, which is a list, has the element `upgrade`, in upper or lower case. Otherwise
///   it is no handshake: 426 (Upgrade Required), with `Upgrade: websocket`.
/// - `Sec-WebSocket-Version` is 13. Otherwise 426 as well, and also `Sec-WebSocket-Version: 13`, so that the client learns
///   which version would do.
/// - `Sec-WebSocket-Key` is 16 bytes in Base64. Otherwise 400.
/// - Then 101, with `Upgrade: websocket`, `Connection: Upgrade`, and `Sec-WebSocket-Accept`: the key and the fixed text
///   behind it, hashed with SHA-1, in Base64.
///
/// The tools: `sha1(bytes)` returns 20 bytes, `base64(bytes)` a text; `decodedBase64(text)` returns the bytes, or `nil` where the
/// text is no Base64. The bytes of a text are `Array(text.utf8)`. `import Foundation` works, but is not needed.
func answer(_ fields: [String: String]) -> Response {
  // Yours to write.
  Response(status: 404)
}
