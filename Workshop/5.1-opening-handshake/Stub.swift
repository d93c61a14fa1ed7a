import Kit

/// The server's response: the status, and the fields that matter here.
struct Response {
  var status: Int
  var fields: [String: String] = [:]
}

/// Every server appends this text to the key (RFC 6455 section 1.3).
let fixedText = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/// Answers a request that may be the opening handshake of a WebSocket.
/// - Parameter fields: the request's fields by name. The names are in lowercase, for example
///   `fields["sec-websocket-key"]`. The values are exactly what the client sent.
///
/// Requirements:
/// - `Upgrade` is `websocket`, and `Connection`, which is a list, contains `upgrade`. Both are
///   case-insensitive. Otherwise the request is not a handshake: answer 426 (Upgrade Required) with
///   `Upgrade: websocket`.
/// - `Sec-WebSocket-Version` is 13. Otherwise answer 426 too, and add `Sec-WebSocket-Version: 13`,
///   so that the client learns which version the server supports.
/// - `Sec-WebSocket-Key` is 16 bytes in Base64. Otherwise answer 400.
/// - A request that passes all of this gets 101 with `Upgrade: websocket`, `Connection: Upgrade`,
///   and `Sec-WebSocket-Accept`: append the fixed text to the key, hash the result with SHA-1, and
///   encode the hash in Base64.
///
/// The tools: `sha1(bytes)` returns 20 bytes, and `base64(bytes)` returns text.
/// `decodedBase64(text)` returns the bytes, or `nil` if the text is not Base64. `Array(text.utf8)`
/// gives you the bytes of a text. You can `import Foundation`, but you do not need it.
func answer(_ fields: [String: String]) -> Response {
  // Yours to write.
  Response(status: 404)
}
