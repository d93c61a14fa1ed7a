/// The opening handshake: an HTTP request to switch to WebSocket (RFC 6455 section 4).
public enum Handshake {
  /// The server's answer.
  public enum Outcome: Equatable {
    /// The value of `Sec-WebSocket-Accept`.
    case accepted([UInt8])
    /// The request is not an opening handshake, or it asks for another version.
    case upgradeRequired
    case badRequest
  }

  private static let guid = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)

  /// Decides how to answer a request.
  /// - Parameter bytes: the bytes that `request` was parsed from.
  public static func answer(_ request: Request, _ bytes: Span<UInt8>) -> Outcome {
    guard request.wantsWebSocket, request.marks.contains(.webSocketVersion13) else {
      return .upgradeRequired
    }
    let key = bytes.extracting(request.webSocketKey)
    // Section 4.2.1: 16 bytes in Base64.
    guard Base64.decodedCount(key) == 16 else { return .badRequest }
    return .accepted(accept(key: key))
  }

  /// Returns the value of `Sec-WebSocket-Accept`, which proves that the request was understood
  /// (section 4.2.2).
  /// - Parameter key: the value of `Sec-WebSocket-Key`.
  public static func accept(key: Span<UInt8>) -> [UInt8] {
    Base64.encode(SHA1.hash(key.indices.map { key[$0] } + guid))
  }
}
