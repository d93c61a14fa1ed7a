// snippet: parser
/// Reads the header section of a request (RFC 9112 sections 2 to 6), however its bytes arrive.
///
/// **Theory of operation.** The caller keeps the bytes, from the request's first one on, and calls
/// ``parse(_:)`` whenever more have arrived after them. The parser remembers how far it has looked
/// for line ends, and takes each line as soon as it is complete, so a request that drips in byte by
/// byte costs linear time, and nonsense is refused at its first bad line. There are three outcomes
/// only: more bytes are needed, a request, or a refusal. After a request, ``request`` holds it.
///
/// Its parts are inlined into one function: the text has short pieces with names, and the machine
/// does not pay for them.
///
/// Everything that decides on framing is strict: a lenient reading is how requests are smuggled
/// past a proxy that reads differently (RFC 9112 section 11.2).
public struct RequestParser: Sendable {
  /// The result of the bytes so far.
  public enum Outcome: Equatable, Sendable {
    case needMore
    /// The header section ends before this offset; the body, if any, begins there.
    case request(end: Int)
    case refused(Status)
  }

  /// Longest request target, in bytes.
  public static let maxTarget = 8 * 1024
  /// Longest header section with its request line, in bytes.
  public static let maxHeaderSection = 16 * 1024
  /// Longest method, in bytes. None of the registered ones (RFC 9110 section 16.1.1) is longer.
  static let maxMethod = 32

  /// The request, as far as its lines were read.
  public private(set) var request = Request()
  private var lineStart = 0
  private var scanned = 0
  private var hasRequestLine = false

  public init() {}

  /// Whether the request line was read; after a request, whether this parser is used up.
  var isDone: Bool { hasRequestLine }

  /// Whether anything but empty lines has arrived of the next request.
  public var hasStarted: Bool { scanned > lineStart || hasRequestLine }

  /// Reads on.
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
      // A lone CR is the first half of an empty line, and those start nothing: a client that sends
      // one now and then would otherwise never meet its deadline.
      let isEmptyLine =
        !hasRequestLine && bytes.count == lineStart + 1 && bytes[lineStart] == Ascii.carriageReturn
      scanned = isEmptyLine ? lineStart : bytes.count
      return .needMore
    } catch {
      return .refused(error)
    }
  }

  /// Refuses what is too long as soon as it is, even if its line never ends. RFC 9112 section 3:
  /// 501 if it is the method, 414 if it is the target.
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

  /// Refuses a first byte that no request can start with. A TLS ClientHello may contain no line
  /// end, and its client would wait until the header's deadline.
  @inline(never)
  private func checkStart(_ bytes: Span<UInt8>) throws(Status) {
    guard !hasRequestLine, scanned == lineStart, lineStart < bytes.count else { return }
    let first = bytes[lineStart]
    guard CharacterSet128.token.contains(first) || first == Ascii.carriageReturn else {
      throw .badRequest
    }
  }

  /// Checks that need the whole header section.
  @inline(__always)
  private func checkWhole() throws(Status) {
    let marks = request.marks
    // RFC 9112 section 3.2: exactly one Host in HTTP/1.1.
    if !marks.contains(.host) && !request.isHTTP10 { throw .badRequest }
    // RFC 9112 section 6.1: both lengths at once is an attack until proven otherwise, and HTTP/1.0
    // knows no transfer codings.
    if marks.contains(.transferEncoding) {
      if marks.contains(.contentLength) || request.isHTTP10 { throw .badRequest }
    }
  }
}
// snippet: end
