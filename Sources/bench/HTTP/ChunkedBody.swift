/// The chunked transfer coding (RFC 9112 section 7.1), read byte by byte: the input may be split
/// anywhere.
///
///     size ──CRLF──▶ data ──size bytes──▶ dataEnd ──CRLF──▶ size …
///     size 0 ──CRLF──▶ trailer lines ──empty line──▶ end
struct ChunkedBody {
  /// The result of the bytes so far.
  enum Progress {
    case more
    case end
    case malformed
  }

  private enum State {
    /// In the hexadecimal digits.
    case size
    /// After the digits: extensions, which are ignored (section 7.1.1).
    case sizeLineRest
    case data
    case dataEnd
    /// `isEmpty`: nothing but CR so far.
    case trailer(isEmpty: Bool)
  }

  private var state = State.size
  private var remaining = 0
  private var digits = 0
  /// The number of bytes of the body itself so far.
  private(set) var bodyBytes = 0

  /// Reads from `bytes` until they or the body end; returns how many it consumed.
  mutating func consume(_ bytes: Span<UInt8>) -> (taken: Int, progress: Progress) {
    var index = 0
    while index < bytes.count {
      if case .data = state {
        index += takeData(atMost: bytes.count - index)
        continue
      }
      let progress = step(bytes[index])
      index += 1
      guard case .more = progress else { return (index, progress) }
    }
    return (index, .more)
  }

  private mutating func takeData(atMost available: Int) -> Int {
    let taken = min(remaining, available)
    remaining -= taken
    bodyBytes += taken
    if remaining == 0 { state = .dataEnd }
    return taken
  }

  /// A byte that is not data.
  private mutating func step(_ byte: UInt8) -> Progress {
    switch (state, byte) {
    case (.size, UInt8(ascii: "\n")), (.sizeLineRest, UInt8(ascii: "\n")):
      guard digits > 0 else { return .malformed }
      digits = 0
      state = remaining == 0 ? .trailer(isEmpty: true) : .data
    case (.size, _):
      return addDigit(byte)
    case (.dataEnd, UInt8(ascii: "\n")):
      state = .size
    case (.dataEnd, UInt8(ascii: "\r")), (.sizeLineRest, _), (.data, _),
      (.trailer, UInt8(ascii: "\r")):
      break
    case (.dataEnd, _):
      return .malformed
    case (.trailer(let isEmpty), UInt8(ascii: "\n")):
      if isEmpty { return .end }
      state = .trailer(isEmpty: true)
    case (.trailer, _):
      state = .trailer(isEmpty: false)
    }
    return .more
  }

  /// A digit, or what ends the digits. A size of fifteen digits is larger than any body can be.
  private mutating func addDigit(_ byte: UInt8) -> Progress {
    if let value = Character(UnicodeScalar(byte)).hexDigitValue {
      digits += 1
      remaining = remaining << 4 | value
      return digits <= 15 ? .more : .malformed
    }
    guard byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\r") || byte.isBlank, digits > 0 else {
      return .malformed
    }
    state = .sizeLineRest
    return .more
  }
}
