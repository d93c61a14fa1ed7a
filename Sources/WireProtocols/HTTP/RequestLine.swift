// snippet: line
/// The request line: `GET /path?query HTTP/1.1` (RFC 9112 section 3).
extension Request {
  /// Takes the request line.
  /// - Parameter offset: the offset of the line, counted from the request's first byte.
  @inline(__always)
  mutating func takeRequestLine(_ line: Span<UInt8>, at offset: Int) throws(Status) {
    // Exactly one space on each side of the target: a proxy could read a line with more of them
    // differently.
    let methodEnd = line.end(of: .token, from: 0)
    guard methodEnd > 0, methodEnd < line.count, line[methodEnd] == Ascii.space else {
      throw .badRequest
    }
    let targetEnd = line.end(of: .target, from: methodEnd + 1)
    guard targetEnd < line.count, line[targetEnd] == Ascii.space else { throw .badRequest }
    if methodEnd > RequestParser.maxMethod { throw .notImplemented }
    method = Self.method(line.extracting(..<methodEnd))
    try takeVersion(line.extracting((targetEnd + 1)...))
    guard targetEnd - methodEnd - 1 <= RequestParser.maxTarget else { throw .uriTooLong }
    try takeTarget(line, methodEnd + 1..<targetEnd, at: offset)
  }

  /// Returns the method of a name, which is case-sensitive (RFC 9110 section 9.1). The service
  /// treats all methods that it never answers alike.
  @inline(__always)
  private static func method(_ name: Span<UInt8>) -> Method {
    if name.equals("GET") { return .get }
    if name.equals("HEAD") { return .head }
    if name.equals("OPTIONS") { return .options }
    if name.equals("CONNECT") { return .connect }
    return .other
  }

  /// Takes the version. A higher minor version is read as 1.1; another major version is refused
  /// (RFC 9112 section 2.3).
  @inline(__always)
  private mutating func takeVersion(_ version: Span<UInt8>) throws(Status) {
    guard version.count == 8, version.hasPrefix("HTTP/"), version[6] == UInt8(ascii: "."),
      case 48...57 = version[5], case 48...57 = version[7]
    else { throw .badRequest }
    guard version[5] == UInt8(ascii: "1") else { throw .httpVersionNotSupported }
    if version[7] == UInt8(ascii: "0") { marks.insert(.http10) }
  }

  /// Takes the target, in one of four forms: origin-form, absolute-form, authority-form (CONNECT),
  /// asterisk-form (OPTIONS) (RFC 9112 section 3.2).
  @inline(__always)
  private mutating func takeTarget(
    _ line: Span<UInt8>, _ range: Range<Int>, at offset: Int
  ) throws(Status) {
    guard !range.isEmpty else { throw .badRequest }
    let target = line.extracting(range)
    var start = 0
    if target[0] != Ascii.slash || method == .connect {
      guard let end = try takeOtherForm(target, at: offset + range.lowerBound) else { return }
      start = end
    }
    var pathEnd = start
    while pathEnd < target.count, target[unchecked: pathEnd] != Ascii.questionMark { pathEnd += 1 }
    let base = offset + range.lowerBound
    path = base + start..<base + pathEnd
    query = base + min(pathEnd + 1, target.count)..<base + target.count
  }

  /// Takes a target in any form except the usual one; returns where the path begins, or `nil` if
  /// there is none.
  @inline(never)
  private mutating func takeOtherForm(
    _ target: Span<UInt8>, at offset: Int
  ) throws(Status) -> Int? {
    if method == .options && target.equals("*") { return nil }
    if method == .connect {
      try Self.checkAuthority(target)
      return nil
    }
    let start = try Self.pathStart(of: target)
    // RFC 9112 section 3.2.2: this host counts, not the one in the Host field.
    host = offset + 7..<offset + start
    marks.insert(.absoluteForm)
    return start
  }

  /// Checks that the target is a host and a port, `example.com:443`; both are required (RFC 9112
  /// section 3.2.3, RFC 9110 section 9.3.6).
  private static func checkAuthority(_ target: Span<UInt8>) throws(Status) {
    var portStart = target.count
    while portStart > 0, CharacterSet128.digit.contains(target[portStart - 1]) { portStart -= 1 }
    guard target.authorityEnd(from: 0) == target.count, portStart > 1,
      target[portStart - 1] == Ascii.colon,
      let port = parseDecimal(target.extracting(portStart...)), 1...65_535 ~= port
    else { throw .badRequest }
  }

  /// Returns the start of the path in an absolute-form, `http://host/path`.
  private static func pathStart(of target: Span<UInt8>) throws(Status) -> Int {
    let scheme = target.extracting(..<min(7, target.count))
    guard scheme.equalsIgnoringCase("http://"), let end = target.authorityEnd(from: 7),
      end == target.count || target[end] == Ascii.slash || target[end] == Ascii.questionMark
    else { throw .badRequest }
    return end
  }
}

extension Span<UInt8> {
  /// Returns the end of the host at `start`, and of its port if it has one; `nil` if there is no
  /// host, which an http URI must have (RFC 3986 section 3.2, RFC 9110 section 4.2.1).
  @inline(__always)
  func authorityEnd(from start: Int) -> Int? {
    var hostEnd = end(of: .host, from: start)
    if start < count, self[start] == Ascii.leftBracket {
      hostEnd = end(of: .ipv6, from: start + 1) + 1
      guard hostEnd > start + 2, hostEnd <= count, self[hostEnd - 1] == Ascii.rightBracket else {
        return nil
      }
    }
    if hostEnd == start { return nil }
    let hasPort = hostEnd < count && self[hostEnd] == Ascii.colon
    return hasPort ? end(of: .digit, from: hostEnd + 1) : hostEnd
  }
}
// snippet: end
