/// The reason why a WebSocket ends (RFC 6455 section 7.4.1).
public enum CloseCode: UInt16, Error, Sendable {
  case normal = 1000
  case goingAway = 1001
  case protocolError = 1002
  case invalidPayload = 1007
  case messageTooBig = 1009

  /// Whether a peer may send this code: one that the RFC or the registry names, or one of the
  /// private ranges. 1005, 1006 and 1015 are never sent; they only describe an end without a Close
  /// frame.
  public static func mayBeSent(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
