// snippet: fields
/// The fields of a request: `Name: value`, one per line (RFC 9112 section 5).
extension Request {
  /// Takes a field line.
  /// - Parameter offset: the offset of the line, counted from the request's first byte.
  mutating func takeField(_ line: Span<UInt8>, at offset: Int) throws(Status) {
    // RFC 9112 section 5.1: no space before the colon. A line that begins with a space (obs-fold,
    // section 5.2) has no name, so it is refused as well.
    let colon = line.end(of: .token, from: 0)
    guard colon > 0, colon < line.count, line[colon] == Ascii.colon else { throw .badRequest }
    let range = line.trimming(colon + 1..<line.count)
    let value = line.extracting(range)
    let name = line.extracting(..<colon)
    let place = offset + range.lowerBound..<offset + range.upperBound
    if colon == 4 && name.equalsIgnoringCase("host") {
      try takeHost(value)
      if !marks.contains(.absoluteForm) { host = place }
      return
    }
    // RFC 9110 section 5.5: no control characters, including a bare CR.
    if value.hasControlCharacter { throw .badRequest }
    switch colon {  // Most fields are ruled out by their length alone.
    case 6 where name.equalsIgnoringCase("origin"):
      try once(.origin)
      origin = place
    case 6 where name.equalsIgnoringCase("expect"): try takeExpect(value)
    case 7 where name.equalsIgnoringCase("upgrade"): takeUpgrade(value)
    case 10 where name.equalsIgnoringCase("connection"): takeConnection(value)
    case 14 where name.equalsIgnoringCase("content-length"): try takeContentLength(value)
    case 17 where name.equalsIgnoringCase("transfer-encoding"): try takeTransferEncoding(value)
    case 17 where name.equalsIgnoringCase("sec-websocket-key"):
      try once(.webSocketKey)
      webSocketKey = place
    case 21 where name.equalsIgnoringCase("sec-websocket-version"):
      try once(.webSocketVersion)
      if value.equals("13") { marks.insert(.webSocketVersion13) }
    default: break
    }
  }

  /// Marks a field that may occur only once.
  private mutating func once(_ mark: Marks) throws(Status) {
    guard marks.insert(mark).inserted else { throw .badRequest }
  }

  @inline(__always)
  private mutating func takeHost(_ value: Span<UInt8>) throws(Status) {
    try once(.host)
    guard value.authorityEnd(from: 0) == value.count else { throw .badRequest }
  }

  private mutating func takeExpect(_ value: Span<UInt8>) throws(Status) {
    try forEachListElement(of: value) { request, element throws(Status) in
      guard element.equalsIgnoringCase("100-continue") else { throw .expectationFailed }
      request.marks.insert(.expectContinue)
    }
  }

  private mutating func takeUpgrade(_ value: Span<UInt8>) {
    forEachListElement(of: value) { request, element in
      if element.equalsIgnoringCase("websocket") { request.marks.insert(.upgradeWebSocket) }
    }
  }

  private mutating func takeConnection(_ value: Span<UInt8>) {
    forEachListElement(of: value) { request, element in
      if element.equalsIgnoringCase("close") { request.marks.insert(.connectionClose) }
      if element.equalsIgnoringCase("keep-alive") { request.marks.insert(.connectionKeepAlive) }
      if element.equalsIgnoringCase("upgrade") { request.marks.insert(.connectionUpgrade) }
    }
  }

  /// Takes a length: digits only, and only once (RFC 9112 section 6.3). If a proxy read `+5`, `5,5`
  /// or `0x5` differently from us, a client could smuggle a request past it.
  private mutating func takeContentLength(_ value: Span<UInt8>) throws(Status) {
    try once(.contentLength)
    guard !value.isEmpty else { throw .badRequest }
    for index in value.indices { guard case 48...57 = value[index] else { throw .badRequest } }
    guard let length = parseDecimal(value), length <= BodyParser.maxBody else {
      throw .contentTooLarge
    }
    if length > 0 { framing = .length(UInt32(length)) }
  }

  private mutating func takeTransferEncoding(_ value: Span<UInt8>) throws(Status) {
    try once(.transferEncoding)
    try forEachListElement(of: value) { request, element throws(Status) in
      // No other coding, and this one only once.
      guard element.equalsIgnoringCase("chunked"), request.framing != .chunked else {
        throw .notImplemented
      }
      request.framing = .chunked
    }
    guard framing == .chunked else { throw .notImplemented }
  }

  /// Calls `body` with every element of a comma-separated list, and ignores the empty ones (RFC
  /// 9110 section 5.6.1.2).
  private mutating func forEachListElement<Failure: Error>(
    of value: Span<UInt8>, _ body: (inout Request, Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var start = 0
    while start < value.count {
      var end = start
      while end < value.count, value[end] != Ascii.comma { end += 1 }
      let element = value.trimming(start..<end)
      if !element.isEmpty { try body(&self, value.extracting(element)) }
      start = end + 1
    }
  }
}
// snippet: end
