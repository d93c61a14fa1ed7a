// The parsers of a request's header section and body: however the bytes are cut, the outcome is the
// same, and they never crash.

/// The outcome of reading.
private struct Reading: Equatable {
  var requests: [Request] = []
  var ends: [Int] = []
  var refusal: Status?
}

/// Reads requests, one after the other, when the bytes up to each of `cuts` have arrived.
private func read(_ bytes: [UInt8], _ cuts: [Int]) -> Reading {
  var reading = Reading()
  var parser = RequestParser()
  var body: BodyParser?
  var start = 0
  for end in cuts {
    while start < end {
      if body != nil {
        switch body!.parse(bytes.span.extracting(start..<end)) {
        case .needMore: start = end
        case .refused(let status):
          reading.refusal = status
          return reading
        case .end(let count):
          start += count
          body = nil
          reading.ends.append(start)
        }
        continue
      }
      let outcome = parser.parse(bytes.span.extracting(start..<end))
      if outcome == .needMore { break }
      guard case .request(let count) = outcome else {
        if case .refused(let status) = outcome { reading.refusal = status }
        return reading
      }
      check(parser.request, headerEnd: count)
      reading.requests.append(parser.request)
      start += count
      reading.ends.append(start)
      body = BodyParser(parser.request.framing)
      if parser.request.framing == .none { body = nil }
      parser = RequestParser()
    }
  }
  return reading
}

/// Checks that a request points only into its own header section.
private func check(_ request: Request, headerEnd: Int) {
  precondition(headerEnd <= RequestParser.maxHeaderSection)
  for range in [request.path, request.query, request.host, request.origin, request.webSocketKey] {
    precondition(range.upperBound <= headerEnd)
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard let delivery = Delivery(data, count) else { return 0 }
  let whole = read(delivery.bytes, [delivery.bytes.count])
  precondition(whole == read(delivery.bytes, delivery.cuts), "the reading differs when it is cut")
  return 0
}
