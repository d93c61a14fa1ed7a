/// The bytes the protocols are made of, by name.
enum Ascii {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let comma: UInt8 = 0x2C
  static let slash: UInt8 = 0x2F
  static let colon: UInt8 = 0x3A
  static let semicolon: UInt8 = 0x3B
  static let questionMark: UInt8 = 0x3F
}

/// A set of the 128 ASCII characters: one bit each, so that a look-up is a shift.
struct CharacterSet128: Sendable {
  private let low: UInt64
  private let high: UInt64

  init(_ characters: String) {
    var bits = (low: UInt64(0), high: UInt64(0))
    for byte in characters.utf8 {
      if byte < 64 { bits.low |= 1 << byte } else { bits.high |= 1 << (byte - 64) }
    }
    (low, high) = bits
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? low >> byte & 1 == 1 : byte < 128 && high >> (byte - 64) & 1 == 1
  }

  private static let alphanumeric =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

  /// RFC 9110 section 5.6.2, `tchar`: methods and field names.
  static let token = CharacterSet128(alphanumeric + "!#$%&'*+-.^_`|~")
  /// RFC 3986 section 3.2: a host with its port, without user information.
  static let authority = CharacterSet128(alphanumeric + "-._~%!$&'()*+,;=:[]")
  /// RFC 3986: what may stand in a path and its query.
  static let target = CharacterSet128(alphanumeric + "-._~%!$&'()*+,;=:@/?[]{}|\\^`\"<>")
}
