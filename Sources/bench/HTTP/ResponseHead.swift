import BenchSupport
import Common
import WireProtocols

/// The head of a response, as far as it describes the bytes after it (RFC 9112 sections 4 to 7).
struct ResponseHead: Equatable {
  let status: Int
  let framing: Framing
  /// Whether the server keeps the connection open afterwards.
  let isPersistent: Bool
  /// The range of the value of `Server` in the head.
  let server: Range<Int>?

  /// How the end of a body is found (RFC 9112 section 6.3).
  enum Framing: Equatable {
    case none
    case fixed(Int)
    case chunked
    case untilClose
  }

  /// 1xx: the final response is still to come (RFC 9110 section 15.2). After 101 the connection
  /// uses another protocol, so none follows.
  var isInterim: Bool { status < 200 && status != 101 }
}

extension ResponseHead {
  /// Reads a head, from its first byte to its empty line; returns `nil` if it is not HTTP/1.x.
  /// - Parameter toHEAD: whether the request was a HEAD, whose answer has no body whatever it
  ///   announces.
  init?(parsing bytes: Span<UInt8>, toHEAD: Bool) {
    var lines = LineCursor()
    guard let statusLine = lines.next(in: bytes),
      let (minor, status) = Self.parseStatusLine(bytes.extracting(statusLine))
    else { return nil }
    var fields = FramingFields()
    while let line = lines.next(in: bytes), !line.isEmpty {
      guard fields.read(bytes, line: line) else { return nil }
    }
    self.status = status
    server = fields.server
    framing =
      toHEAD || status < 200 || status == 204 || status == 304 ? .none : fields.framing
    let keepsOpen = minor == 0 ? fields.saysKeepAlive : !fields.saysClose
    isPersistent = keepsOpen && framing != .untilClose && status != 101
  }

  /// `HTTP/1.x SP 3DIGIT [SP reason]` (RFC 9112 section 4).
  private static func parseStatusLine(_ line: Span<UInt8>) -> (minor: Int, status: Int)? {
    guard line.count >= 12, line.extracting(..<7).equalsIgnoringCase("http/1."), line[8] == 0x20,
      line.count == 12 || line[12] == 0x20,
      let minor = parseDecimal(line.extracting(7..<8)),
      let status = parseDecimal(line.extracting(9..<12)), (100..<600).contains(status)
    else { return nil }
    return (minor, status)
  }
}
