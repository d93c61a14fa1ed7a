/// The bytes that have a meaning in the protocols, by name.
public enum Ascii {
  /// HTAB, which may surround a value like a space.
  public static let tab: UInt8 = 0x09
  /// LF, the second byte of a line end.
  public static let lineFeed: UInt8 = 0x0A
  /// CR, the first byte of a line end.
  public static let carriageReturn: UInt8 = 0x0D
  /// SP, which separates the parts of a request line.
  public static let space: UInt8 = 0x20
  /// `,` separates the elements of a list.
  public static let comma: UInt8 = 0x2C
  /// `/` starts a path.
  public static let slash: UInt8 = 0x2F
  /// `:` ends the name of a field, and of a host.
  public static let colon: UInt8 = 0x3A
  /// `;` starts the extensions of a chunk.
  public static let semicolon: UInt8 = 0x3B
  /// `?` ends a path.
  public static let questionMark: UInt8 = 0x3F
  /// `[` starts an IPv6 address.
  public static let leftBracket: UInt8 = 0x5B
  /// `]` ends it.
  public static let rightBracket: UInt8 = 0x5D
}

// snippet: ascii
/// A set of ASCII characters, with a bit for each, so that a lookup is a shift.
public struct CharacterSet128 {
  /// The characters 0 to 63. A test compares these numbers with the grammars.
  public let low: UInt64
  /// The characters 64 to 127.
  public let high: UInt64

  /// Whether the set contains this byte; it contains none above 127.
  @inline(__always)
  public func contains(_ byte: UInt8) -> Bool {
    let half = byte < 64 ? low : high
    return byte < 128 && half &>> UInt64(byte) & 1 == 1  // Shifts by the lowest six bits.
  }

  /// RFC 9110 section 5.6.2, `tchar`: methods and field names.
  public static var token: CharacterSet128 {
    .init(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
  }
  /// RFC 3986 section 3.2.2, `reg-name`: a host by its name or IPv4 address.
  public static var host: CharacterSet128 {
    .init(low: 0x2BFF_7FF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
  }
  /// The characters between the brackets of an IPv6 address.
  public static var ipv6: CharacterSet128 {
    .init(low: 0x07FF_4000_0000_0000, high: 0x0000_007E_0000_007E)
  }
  /// `0` to `9`.
  public static var digit: CharacterSet128 { .init(low: 0x03FF_0000_0000_0000, high: 0) }
  /// Every visible character except `#`: more than RFC 3986 allows in a path and its query, but
  /// what servers accept in practice.
  public static var target: CharacterSet128 {
    .init(low: 0xFFFF_FFF6_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF)
  }
}
// snippet: end

extension Span<UInt8> {
  /// Returns the first index from `start` on whose byte is not in `characters`.
  @inline(__always)
  public func end(of characters: CharacterSet128, from start: Int) -> Int {
    var index = start
    while index < count, characters.contains(self[unchecked: index]) { index &+= 1 }
    return index
  }

  /// Returns the first index from `start` on that holds this byte. It looks at eight bytes at a
  /// time.
  @inline(__always)
  public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    withUnsafeBytes { bytes in
      var index = start
      let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
      while index &+ 8 <= bytes.count {  // In bounds: eight bytes from index on.
        let word = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        // A byte that matches is zero in `differs`. The subtraction sets the high bit of every zero
        // byte. A borrow may set it in bytes above a zero byte, too, so only the lowest of these
        // bits counts.
        let differs = word ^ pattern
        let found = (differs &- 0x0101_0101_0101_0101) & ~differs & 0x8080_8080_8080_8080
        if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
        index &+= 8
      }
      while index < bytes.count {
        if bytes[index] == byte { return index }
        index &+= 1
      }
      return nil
    }
  }

  /// Whether there is a control character other than a tab. Looks at eight bytes at a time.
  @inline(__always)
  public var hasControlCharacter: Bool {
    withUnsafeBytes { bytes in
      var index = 0
      // The last word overlaps the one before it, unless the count is a multiple of eight.
      let last = bytes.count - 8
      while index < last, !Self.mayHaveControl(bytes, index) { index += 8 }
      if last >= 0, index >= last, !Self.mayHaveControl(bytes, last) { return false }
      while index < bytes.count {
        let byte = bytes[index]
        if byte < 0x20 && byte != Ascii.tab || byte == 0x7F { return true }
        index += 1
      }
      return false
    }
  }

  /// Checks the eight bytes from `index` on. A tab, or a borrow between bytes, may cause a false
  /// alarm, but no control character is missed.
  @inline(__always)
  private static func mayHaveControl(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    // A byte's high bit is set in `below` if the byte is less than 0x20, and in `delete` if it is
    // 0x7F.
    let below = (word &- 0x2020_2020_2020_2020) & ~word
    let flipped = word ^ 0x7F7F_7F7F_7F7F_7F7F
    let delete = (flipped &- 0x0101_0101_0101_0101) & ~flipped
    return (below | delete) & 0x8080_8080_8080_8080 != 0
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit; `nil` for any other character.
  public var hexDigit: UInt8? {
    switch self {
    case 48...57: self - 48
    case 65...70: self - 55
    case 97...102: self - 87
    default: nil
    }
  }

  /// Whether this character means the same with and without percent-encoding (RFC 3986, 2.3).
  public var isUnreserved: Bool {
    switch self {
    case 48...57, 65...90, 97...122, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}
