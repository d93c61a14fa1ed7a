import BenchSupport
import Common
import WireProtocols

/// The header fields that say where a response ends and whether another one may follow.
struct FramingFields {
  private var contentLength: Int?
  private var hasTransferEncoding = false
  private var endsInChunked = false
  private(set) var saysClose = false
  private(set) var saysKeepAlive = false
  private(set) var server: Range<Int>?

  /// RFC 9112 section 6.3: Transfer-Encoding overrides Content-Length.
  var framing: ResponseHead.Framing {
    if hasTransferEncoding { return endsInChunked ? .chunked : .untilClose }
    return contentLength.map { .fixed($0) } ?? .untilClose
  }

  /// Reads one field line; returns false if it is not one (RFC 9112 section 5).
  mutating func read(_ bytes: Span<UInt8>, line: Range<Int>) -> Bool {
    // A line that starts with white space continues the one before (obs-fold, section 5.2); none of
    // the fields read here is that long.
    if bytes[line.lowerBound].isBlank { return true }
    guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }), colon > line.lowerBound
    else { return false }
    let name = bytes.extracting(line.lowerBound..<colon)
    let value = bytes.trimming(colon + 1..<line.upperBound)
    switch name.count {
    case 14 where name.equalsIgnoringCase("content-length"):
      return readContentLength(bytes, value)
    case 17 where name.equalsIgnoringCase("transfer-encoding"):
      hasTransferEncoding = true
      let (_, coding) = bytes.splitAtLastComma(value)
      endsInChunked = bytes.extracting(coding).equalsIgnoringCase("chunked")
    case 10 where name.equalsIgnoringCase("connection"):
      readConnection(bytes, value)
    case 6 where name.equalsIgnoringCase("server"):
      server = value
    default:
      break
    }
    return true
  }

  /// A second length, in another line or in a list, must not contradict the first (RFC 9112 section
  /// 6.3, point 5).
  private mutating func readContentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
    var rest = value
    repeat {
      let (front, item) = bytes.splitAtLastComma(rest)
      guard let length = parseDecimal(bytes.extracting(item)),
        contentLength == nil || contentLength == length
      else { return false }
      contentLength = length
      rest = front
    } while !rest.isEmpty
    return true
  }

  private mutating func readConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    var rest = value
    while !rest.isEmpty {
      let (front, item) = bytes.splitAtLastComma(rest)
      if bytes.extracting(item).equalsIgnoringCase("close") { saysClose = true }
      if bytes.extracting(item).equalsIgnoringCase("keep-alive") { saysKeepAlive = true }
      rest = front
    }
  }
}
