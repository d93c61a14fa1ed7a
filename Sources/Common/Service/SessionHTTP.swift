/// The session as long as it speaks HTTP.
extension Session {
  /// Answers the requests in `bytes`, one after the other; returns how many bytes are done with.
  mutating func readRequests(
    _ bytes: Span<UInt8>, _ output: inout OutputBuffer, _ date: HTTPDate
  ) -> Int {
    var done = 0
    while ending == .notYet, output.count < Self.batch,
      let count = readPart(bytes.extracting(done...), &output, date)
    {
      done += count
    }
    return done
  }

  /// Goes on with a request that had to wait.
  mutating func proceed(
    _ request: PendingRequest, _ output: inout OutputBuffer, _ date: HTTPDate
  ) {
    request.pause = nil  // It is over.
    var input = InputBuffer()
    swap(&input, &request.input)
    input.skip(readRequests(input.bytes.span.extracting(input.unread), &output, date))
    input.compact()
    keep(input)
  }

  /// Puts bytes that are not done with where they wait for more.
  mutating func keep(_ rest: consuming InputBuffer) {
    if rest.unreadCount == 0 { return }
    switch stage {
    case .idle where ending == .notYet: stage = .request(PendingRequest(rest))
    case .idle: ending = .hangingUp
    case .request(let request): request.input = rest
    case .webSocket(let webSocket): webSocket.input = rest
    }
  }

  /// Reads a header section or a body, or answers; returns how many bytes that took, `nil` where more are needed, or the
  /// driver is.
  @inline(__always)
  private mutating func readPart(
    _ bytes: Span<UInt8>, _ output: inout OutputBuffer, _ date: HTTPDate
  ) -> Int? {
    switch stage {
    case .idle: return readHeader(nil, bytes, &output, date)
    case .request(let request):
      guard let plan = request.plan else { return readHeader(request, bytes, &output, date) }
      if request.body != nil { return readBody(request, bytes) }
      if plan.needsDriver { return nil }
      answer(plan, request.parser.request, &output, date)
      return 0
    case .webSocket: return nil
    }
  }

  /// - Parameter pending: the request, where its beginning has come before.
  private mutating func readHeader(
    _ pending: PendingRequest?, _ bytes: Span<UInt8>, _ output: inout OutputBuffer, _ date: HTTPDate
  ) -> Int? {
    if bytes.isEmpty { return nil }
    var parser = pending?.parser ?? RequestParser()
    let hadStarted = parser.hasStarted
    switch parser.parse(bytes) {
    case .needMore:
      // The header's own deadline begins with its first byte.
      if parser.hasStarted && !hadStarted { deadline = .distantFuture }
      postpone(pending, parser)
      return nil
    case .refused(let status):
      answer(.refuse(status), parser.request, &output, date)
      return bytes.count
    case .request(let end):
      let plan = service.plan(parser.request, bytes)
      if parser.request.framing == .none && !plan.needsDriver {
        answer(plan, parser.request, &output, date)
        return end
      }
      if parser.request.expectsContinue && end == bytes.count {
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
      }
      deadline = .distantFuture
      postpone(pending, parser, plan)
      return end
    }
  }

  private mutating func postpone(
    _ pending: PendingRequest?, _ parser: RequestParser, _ plan: Plan? = nil
  ) {
    let request = pending ?? PendingRequest()
    (request.parser, request.plan) = (parser, plan)
    if plan != nil && parser.request.framing != .none {
      request.body = BodyParser(parser.request.framing)
    }
    stage = .request(request)
  }

  private mutating func readBody(_ request: PendingRequest, _ bytes: Span<UInt8>) -> Int? {
    if bytes.isEmpty { return nil }
    switch request.body?.parse(bytes) {
    case .needMore: return bytes.count
    case .refused(let status):
      (request.plan, request.body) = (.refuse(status), nil)
      return bytes.count
    case .end(let end):
      request.body = nil
      return end
    case nil: return nil
    }
  }

  mutating func answer(
    _ plan: Plan, _ request: Request, _ output: inout OutputBuffer, _ date: HTTPDate
  ) {
    defer { service.requestServed() }
    hasServed = true
    deadline = .distantFuture
    stage = .idle
    switch plan {
    case .respond(let page): respond(service.pages[page], request, &output, date)
    case .stats(let report): respond(service.stats(report), request, &output, date)
    case .refuse(let status):
      // After an error nobody knows where the next request would begin, so there is none.
      let headOnly = request.method == .head
      Response(status).append(to: &output, .close, headOnly: headOnly, date: date)
      ending = .hangingUp
    case .openWebSocket(let kind, let accept):
      service.pages.switchingProtocols.append(to: &output, date: date)
      output.append(accept)
      output.append("\r\n\r\n")
      stage = .webSocket(WebSocketState(kind))
    // Not before the driver has done its part; then it is another plan.
    case .pause, .burn, .report: break
    }
  }

  private mutating func respond(
    _ response: Response, _ request: Request, _ output: inout OutputBuffer, _ date: HTTPDate
  ) {
    let keepsAlive = request.keepsAlive && !isStopping
    response.append(
      to: &output, keepsAlive ? (request.isHTTP10 ? .keepAliveHTTP10 : .keepAlive) : .close,
      headOnly: request.method == .head, date: date)
    // A client that asked for the end has nothing more to send that could reset what we said.
    if !keepsAlive { ending = request.keepsAlive ? .hangingUp : .finished }
  }
}
