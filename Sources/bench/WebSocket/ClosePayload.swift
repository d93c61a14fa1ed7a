/// The payload of a close frame (RFC 6455 section 5.5.1): nothing, or a code and a reason in UTF-8.
enum ClosePayload: Equatable {
  /// 1005 means a close frame without a code (section 7.4.1).
  case code(UInt16)
  /// One byte, a code that no endpoint may send, or a reason that is not UTF-8.
  case malformed

  init(_ bytes: [UInt8]) {
    guard bytes.count >= 2 else {
      self = bytes.isEmpty ? .code(1005) : .malformed
      return
    }
    let code = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    let isReason = String(validating: bytes.dropFirst(2), as: UTF8.self) != nil
    self = Self.maySend(code) && isReason ? .code(code) : .malformed
  }

  /// Section 7.4, and the registry that it defines: 1004 to 1006 and 1015 are never sent.
  private static func maySend(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
