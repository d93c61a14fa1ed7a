/// A parser that skips the body of a request, to find where the next request starts. The service
/// needs no body, so nothing is kept.
///
/// **Theory of operation.** A chunked body (RFC 9112 section 7.1) is read by a state machine that
/// sees every byte once and keeps only a state and a count: it costs linear time and no memory,
/// however the bytes arrive.
public struct BodyParser: Sendable {
  /// The result of parsing some bytes of the body.
  public enum Outcome: Equatable, Sendable {
    /// All bytes were used; more of the body is still to come.
    case needMore
    /// The body ends before this offset.
    case end(Int)
    case refused(Status)
  }

  /// The longest body, and the longest trailer section or chunk extensions, in bytes.
  public static let maxBody = 1024 * 1024
  private static let maxTrailer = RequestParser.maxHeaderSection
  private static let maxSizeDigits = 16

  private enum State {
    case firstSizeDigit, sizeDigits, sizeSpace, chunkExtension, sizeLineFeed
    case data, dataCarriageReturn, dataLineFeed
    case trailerStart, trailerName, trailerValue, trailerLineFeed, lastLineFeed
    case end
  }

  private var state: State
  /// Bytes of data that are still to come.
  private var remaining: UInt32
  private var total: UInt32 = 0
  private var digits: UInt8 = 0
  private var isChunked: Bool
  /// Bytes of trailers and chunk extensions so far.
  private var extra: UInt16 = 0

  /// Creates a parser for the body that follows a header section.
  public init(_ framing: Request.Framing) {
    switch framing {
    case .none: (state, remaining, isChunked) = (.end, 0, false)
    case .length(let length):
      (state, remaining, isChunked) = (length > 0 ? .data : .end, length, false)
    case .chunked: (state, remaining, isChunked) = (.firstSizeDigit, 0, true)
    }
  }

  /// Parses the next bytes of the stream.
  public mutating func parse(_ bytes: Span<UInt8>) -> Outcome {
    var index = 0
    do throws(Status) {
      while state != .end {
        guard index < bytes.count else { return .needMore }
        if state == .data {
          index += skipData(available: bytes.count - index)
        } else {
          try step(bytes[index])
          index += 1
        }
      }
      return .end(index)
    } catch {
      return .refused(error)
    }
  }

  private mutating func skipData(available: Int) -> Int {
    let skipped = min(Int(remaining), available)
    remaining -= UInt32(skipped)
    if remaining == 0 { state = isChunked ? .dataCarriageReturn : .end }
    return skipped
  }

  /// Parses one byte outside of the data.
  private mutating func step(_ byte: UInt8) throws(Status) {
    switch state {
    case .firstSizeDigit, .sizeDigits: try sizeLine(byte)
    case .sizeSpace:
      try countExtra(byte)
      if byte == Ascii.semicolon { state = .chunkExtension } else { try expectSpace(byte) }
    case .chunkExtension:
      if byte == Ascii.carriageReturn { state = .sizeLineFeed } else { try countExtra(byte) }
    case .sizeLineFeed:
      try expect(Ascii.lineFeed, byte, then: remaining == 0 ? .trailerStart : .data)
    case .dataCarriageReturn: try expect(Ascii.carriageReturn, byte, then: .dataLineFeed)
    case .dataLineFeed: try expect(Ascii.lineFeed, byte, then: .firstSizeDigit)
    case .trailerStart where byte == Ascii.carriageReturn: state = .lastLineFeed
    case .trailerStart, .trailerName: try trailerName(byte)
    case .trailerValue:
      if byte == Ascii.carriageReturn { state = .trailerLineFeed } else { try countExtra(byte) }
    case .trailerLineFeed: try expect(Ascii.lineFeed, byte, then: .trailerStart)
    case .lastLineFeed: try expect(Ascii.lineFeed, byte, then: .end)
    case .data, .end: break
    }
  }

  /// Parses one byte of a size line, `1A ;name=value`: hexadecimal digits, at least one, then the
  /// line's end or an extension.
  private mutating func sizeLine(_ byte: UInt8) throws(Status) {
    if let digit = byte.hexDigit {
      if state == .firstSizeDigit { (remaining, digits) = (0, 0) }
      digits += 1
      // Without the limit on digits, a client could send zeros forever; the other limit is that of
      // the body. With both, nothing overflows.
      guard digits <= Self.maxSizeDigits else { throw .badRequest }
      guard total + remaining * 16 + UInt32(digit) <= Self.maxBody else { throw .contentTooLarge }
      remaining = remaining * 16 + UInt32(digit)
      state = .sizeDigits
      return
    }
    guard state == .sizeDigits else { throw .badRequest }
    total += remaining
    switch byte {
    case Ascii.carriageReturn: state = .sizeLineFeed
    case Ascii.semicolon: state = .chunkExtension
    // Section 7.1.1: no sender should put white space before an extension, but we have to accept
    // it.
    case Ascii.space, Ascii.tab: state = .sizeSpace
    default: throw .badRequest
    }
  }

  private func expectSpace(_ byte: UInt8) throws(Status) {
    guard byte == Ascii.space || byte == Ascii.tab else { throw .badRequest }
  }

  /// Parses one byte of a trailer, which is a field like those of the header section: a name of at
  /// least one character, and a colon.
  private mutating func trailerName(_ byte: UInt8) throws(Status) {
    try countExtra(byte)
    if CharacterSet128.token.contains(byte) {
      state = .trailerName
    } else {
      guard state == .trailerName, byte == Ascii.colon else { throw .badRequest }
      state = .trailerValue
    }
  }

  /// Skips a byte that we do not need. It must not be a control character, and there is a limit,
  /// because a client could otherwise send such bytes forever.
  private mutating func countExtra(_ byte: UInt8) throws(Status) {
    guard byte >= 0x20 && byte != 0x7F || byte == Ascii.tab else { throw .badRequest }
    extra += 1
    guard extra <= Self.maxTrailer else { throw .requestHeaderFieldsTooLarge }
  }

  private mutating func expect(_ wanted: UInt8, _ byte: UInt8, then next: State) throws(Status) {
    guard byte == wanted else { throw .badRequest }
    state = next
  }
}
