/// The chunked transfer coding (RFC 9112 section 7.1), read a byte at a time: any split of the
/// input is fine.
///
///     size ──CRLF──▶ data ──size bytes──▶ dataEnd ──CRLF──▶ size …
///     size 0 ──CRLF──▶ trailer lines ──empty line──▶ end
struct ChunkedBody {
  /// What the bytes so far amount to.
  enum Progress {
    case more
    case end
    case malformed
  }

  private enum State {
    /// In the hexadecimal digits.
    case size
    /// Behind the digits: extensions, ignored (section 7.1.1).
    case sizeLineRest
    case data
    case dataEnd
    /// `isEmpty`: nothing but CR so far.
    case trailer(isEmpty: Bool)
  }

  private var state = State.size
  private var remaining = 0
  private var digits = 0
  /// Bytes of the body proper so far.
  private(set) var bodyBytes = 0

  /// Reads from `bytes` until they or the body end; returns how many it took.
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

  /// A digit, or what ends the digits. Fifteen digits are more bytes than there are.
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
