/// Why a WebSocket ends (RFC 6455 section 7.4.1).
public enum CloseCode: UInt16, Error, Sendable {
  case normal = 1000
  case goingAway = 1001
  case protocolError = 1002
  case invalidPayload = 1007
  case messageTooBig = 1009

  /// Whether a peer may send this code: those that the RFC and the registry name, without the ones
  /// that only describe an end without a close frame (1005, 1006, 1015), and the private ranges.
  public static func mayBeSent(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
