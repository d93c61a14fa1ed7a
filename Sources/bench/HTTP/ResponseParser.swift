import BenchSupport

/// Reads one response from bytes that arrive in any pieces (sans-I/O: it makes no system call).
///
///     head ──1xx──▶ head
///     head ──▶ none | fixed | chunked | untilClose ──▶ complete
///
/// The head is collected in memory that its owner lends, because only a complete head is parsed;
/// the body is counted, not kept.
struct ResponseParser {
  /// The result of the bytes so far.
  enum Progress: Equatable {
    case more
    case complete
    /// Not HTTP/1.x, or more bytes than the response has.
    case malformed
  }

  private enum Phase {
    case head
    case fixed(remaining: Int)
    case chunked(ChunkedBody)
    case untilClose
  }

  fileprivate let headStore: UnsafeMutableBufferPointer<UInt8>
  private let toHEAD: Bool
  private var phase = Phase.head
  /// A line feed arrived, and nothing but CR after it: the next line feed ends the head.
  private var isAtLineStart = false
  /// How much of `headStore` is filled; when the head is complete, its length.
  private(set) var headBytes = 0
  private(set) var bodyBytes = 0
  /// The final head, once it has arrived.
  private(set) var head: ResponseHead?

  /// - Parameter headStore: room for the longest head that is accepted; it outlives the parser.
  init(headStore: UnsafeMutableBufferPointer<UInt8>, toHEAD: Bool) {
    self.headStore = headStore
    self.toHEAD = toHEAD
  }

  /// Prepares for the next response on the same connection.
  mutating func reset() {
    self = ResponseParser(headStore: headStore, toHEAD: toHEAD)
  }

  /// Takes what has arrived. After `complete` or `malformed` it needs a ``reset()``.
  mutating func receive(_ bytes: Span<UInt8>) -> Progress {
    var rest = bytes
    while !rest.isEmpty {
      let (taken, progress) = step(rest)
      rest = rest.extracting(taken...)
      if progress == .complete && !rest.isEmpty { return .malformed }
      guard progress == .more else { return progress }
    }
    return .more
  }

  /// Handles the end of the server's stream: it ends a body without a length, and truncates
  /// anything else.
  func isCompleteAtEnd() -> Bool {
    if case .untilClose = phase { return true }
    return false
  }

  private mutating func step(_ bytes: Span<UInt8>) -> (taken: Int, progress: Progress) {
    switch phase {
    case .head:
      return collectHead(bytes)
    case .fixed(let remaining):
      let taken = min(remaining, bytes.count)
      bodyBytes += taken
      phase = .fixed(remaining: remaining - taken)
      return (taken, taken == remaining ? .complete : .more)
    case .chunked(var body):
      let (taken, progress) = body.consume(bytes)
      bodyBytes = body.bodyBytes
      phase = .chunked(body)
      switch progress {
      case .more: return (taken, .more)
      case .end: return (taken, .complete)
      case .malformed: return (taken, .malformed)
      }
    case .untilClose:
      bodyBytes += bytes.count
      return (bytes.count, .more)
    }
  }

  /// Copies up to the empty line that ends the head.
  private mutating func collectHead(_ bytes: Span<UInt8>) -> (taken: Int, progress: Progress) {
    for index in bytes.indices {
      let byte = bytes[index]
      guard headBytes < headStore.count, fitsStatusLine(byte) else { return (index, .malformed) }
      headStore[headBytes] = byte
      headBytes += 1
      if byte == UInt8(ascii: "\n") {
        if isAtLineStart { return (index + 1, finishHead()) }
        isAtLineStart = true
      } else if byte != UInt8(ascii: "\r") {
        isAtLineStart = false
      }
    }
    return (bytes.count, .more)
  }

  /// Garbage is recognized by its first bytes, not by a timeout: every response starts with
  /// `HTTP/1.`.
  private func fitsStatusLine(_ byte: UInt8) -> Bool {
    let start: StaticString = "HTTP/1."
    return headBytes >= start.utf8CodeUnitCount || byte == start.utf8Start[headBytes]
  }

  private mutating func finishHead() -> Progress {
    let bytes = UnsafeBufferPointer(headStore).extracting(..<headBytes).span
    guard let head = ResponseHead(parsing: bytes, toHEAD: toHEAD) else { return .malformed }
    if head.isInterim {
      reset()
      return .more
    }
    self.head = head
    switch head.framing {
    case .none, .fixed(0): return .complete
    case .fixed(let length): phase = .fixed(remaining: length)
    case .chunked: phase = .chunked(ChunkedBody())
    case .untilClose: phase = .untilClose
    }
    return .more
  }
}

/// The parts of the head that reports quote.
extension ResponseParser {
  /// Control characters are escaped, except for the line ends.
  var printableHead: String {
    let text = String(decoding: headStore[0..<headBytes], as: UTF8.self)
    return text.split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" }
      .map { String($0).printable }.joined(separator: "\r\n")
  }

  /// The value of `Server`, or nothing.
  var server: Slice<UnsafeMutableBufferPointer<UInt8>> { headStore[head?.server ?? 0..<0] }
}
