// snippet: parser
/// A parser for the header section of a request (RFC 9112 sections 2 to 6), however its bytes
/// arrive.
///
/// **Theory of operation.** The caller keeps all bytes of the request, and calls ``parse(_:)``
/// whenever more have arrived. The parser remembers how far it has looked for line ends, and takes
/// each line as soon as it is complete, so a request that arrives byte by byte costs linear time,
/// and garbage is refused at its first bad line. There are only three outcomes: more bytes are
/// needed, a request, or a refusal. After a request, ``request`` holds it.
///
/// Its parts are inlined into one function: the source has short functions with names, and the
/// calls cost nothing.
///
/// Everything that affects framing is parsed strictly. If a proxy in front of us read it
/// differently, a client could smuggle a request past the proxy (RFC 9112 section 11.2).
public struct RequestParser: Sendable {
  /// The result of the bytes so far.
  public enum Outcome: Equatable, Sendable {
    case needMore
    /// The header section ends before this offset; the body, if any, begins there.
    case request(end: Int)
    case refused(Status)
  }

  /// The longest request target, in bytes.
  public static let maxTarget = 8 * 1024
  /// The longest header section, including the request line, in bytes.
  public static let maxHeaderSection = 16 * 1024
  /// The longest method, in bytes. None of the registered ones (RFC 9110 section 16.1.1) is longer.
  static let maxMethod = 32

  /// The request, as far as its lines have been read.
  public private(set) var request = Request()
  private var lineStart = 0
  private var scanned = 0
  private var hasRequestLine = false

  public init() {}

  /// Whether the request line has been read. After a request this also means that the next one
  /// needs a new parser.
  var isDone: Bool { hasRequestLine }

  /// Whether anything of the next request has arrived, except empty lines.
  public var hasStarted: Bool { scanned > lineStart || hasRequestLine }

  /// Parses the lines that have arrived since the last call.
  /// - Parameter bytes: all bytes of the header section so far, not only the new ones.
  @inline(never)
  public mutating func parse(_ bytes: Span<UInt8>) -> Outcome {
    do throws(Status) {
      while let newline = bytes.firstIndex(of: Ascii.lineFeed, from: scanned) {
        try checkSize(newline + 1, of: bytes)
        // A line ends with CRLF; RFC 9112 section 2.2 lets us accept a bare LF, and we do not.
        guard newline > lineStart, bytes[newline - 1] == Ascii.carriageReturn else {
          throw .badRequest
        }
        let start = lineStart
        let line = bytes.extracting(start..<newline - 1)
        (scanned, lineStart) = (newline + 1, newline + 1)
        if !hasRequestLine {
          if line.isEmpty { continue }  // RFC 9112 section 2.2: before the request line, ignore it.
          try request.takeRequestLine(line, at: start)
          hasRequestLine = true
        } else if line.isEmpty {
          try checkWhole()
          return .request(end: newline + 1)
        } else {
          try request.takeField(line, at: start)
        }
      }
      try checkSize(bytes.count, of: bytes)
      try checkStart(bytes)
      // A lone CR is the first half of an empty line, which does not start a request. If it did, a
      // client could send one now and then, and would get a new deadline each time.
      let isEmptyLine =
        !hasRequestLine && bytes.count == lineStart + 1 && bytes[lineStart] == Ascii.carriageReturn
      scanned = isEmptyLine ? lineStart : bytes.count
      return .needMore
    } catch {
      return .refused(error)
    }
  }

  /// Refuses a line or a header section as soon as it is too long, even if its line never ends:
  /// with 501 if it is the method, with 414 if it is the target (RFC 9112 section 3).
  @inline(__always)
  private func checkSize(_ length: Int, of bytes: Span<UInt8>) throws(Status) {
    if !hasRequestLine && length - lineStart > Self.maxTarget + 64 {
      throw Self.isMethodTooLong(bytes.extracting(lineStart...)) ? .notImplemented : .uriTooLong
    }
    if length > Self.maxHeaderSection { throw .requestHeaderFieldsTooLarge }
  }

  @inline(never)
  private static func isMethodTooLong(_ line: Span<UInt8>) -> Bool {
    line.end(of: .token, from: 0) > maxMethod
  }

  /// Refuses a first byte that no request can start with. A TLS ClientHello, for example, may
  /// contain no line end, and its client would wait until the header timeout.
  @inline(never)
  private func checkStart(_ bytes: Span<UInt8>) throws(Status) {
    guard !hasRequestLine, scanned == lineStart, lineStart < bytes.count else { return }
    let first = bytes[lineStart]
    guard CharacterSet128.token.contains(first) || first == Ascii.carriageReturn else {
      throw .badRequest
    }
  }

  /// Makes the checks that need the whole header section.
  @inline(__always)
  private func checkWhole() throws(Status) {
    let marks = request.marks
    // RFC 9112 section 3.2: exactly one Host in HTTP/1.1.
    if !marks.contains(.host) && !request.isHTTP10 { throw .badRequest }
    // RFC 9112 section 6.1: both lengths at once may be an attack, and HTTP/1.0 has no transfer
    // codings.
    if marks.contains(.transferEncoding) {
      if marks.contains(.contentLength) || request.isHTTP10 { throw .badRequest }
    }
  }
}
// snippet: end
