/// A validator for UTF-8 text that arrives in parts (RFC 3629). It refuses overlong forms,
/// surrogates, and anything beyond U+10FFFF.
///
/// It refuses the first byte that cannot continue any character, so a bad message is refused at
/// once, and not only when it is complete.
public struct UTF8Validator: Equatable, Sendable {
  /// How many continuation bytes the character still needs.
  private var needed: UInt8 = 0
  /// Bounds of the next one: narrower after E0, ED, F0 and F4.
  private var lower: UInt8 = 0x80
  private var upper: UInt8 = 0xBF

  /// Creates a validator at the beginning of a text.
  public init() {}

  /// Whether the text may end here.
  public var isComplete: Bool { needed == 0 }

  /// Takes the next bytes; returns false if the text can no longer become valid.
  public mutating func validate(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
      if needed == 0 {
        index += Self.asciiCount(bytes, from: index)
        guard index < bytes.count else { return true }
      }
      guard step(bytes[index]) else { return false }
      index += 1
    }
    return true
  }

  // snippet: utf8
  private mutating func step(_ byte: UInt8) -> Bool {
    if needed > 0 {
      guard byte >= lower && byte <= upper else { return false }
      (needed, lower, upper) = (needed - 1, 0x80, 0xBF)
      return true
    }
    switch byte {
    case 0x00...0x7F: break
    case 0xC2...0xDF: needed = 1
    case 0xE0: (needed, lower) = (2, 0xA0)  // Below are overlong forms.
    case 0xED: (needed, upper) = (2, 0x9F)  // Above are surrogates.
    case 0xE1...0xEF: needed = 2
    case 0xF0: (needed, lower) = (3, 0x90)  // Below are overlong forms.
    case 0xF4: (needed, upper) = (3, 0x8F)  // Above is beyond U+10FFFF.
    case 0xF1...0xF3: needed = 3
    default: return false
    }
    return true
  }
  // snippet: end

  /// Returns how many bytes of ASCII follow, in whole groups of eight.
  private static func asciiCount(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    // In bounds: index + 8 is at most count.
    while index + 8 <= bytes.count,
      bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      index += 8
    }
    return index - start
  }
}
