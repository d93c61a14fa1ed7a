import WireProtocols

/// The session as long as it speaks HTTP.
extension Session {
  /// Answers the requests in `bytes`, one after the other; returns how many bytes are done with.
  @inline(__always)
  mutating func readRequests(
    _ bytes: Span<UInt8>, _ output: inout OutputBuffer
  ) -> Int {
    var done = 0
    while ending == .notYet, output.count < Self.batch,
      let count = readPart(bytes.extracting(done...), &output)
    {
      done += count
    }
    return done
  }

  /// Goes on with a request that had to wait.
  mutating func proceed(
    _ request: PendingRequest, _ output: inout OutputBuffer
  ) {
    request.pause = nil  // It is over.
    var input = InputBuffer()
    swap(&input, &request.input)
    input.skip(readRequests(input.bytes.span.extracting(input.unread), &output))
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
    _ bytes: Span<UInt8>, _ output: inout OutputBuffer
  ) -> Int? {
    switch stage {
    case .idle: return bytes.isEmpty ? nil : readHeader(nil, bytes, &output)
    case .request(let request):
      guard let plan = request.plan else {
        return bytes.isEmpty ? nil : readHeader(request, bytes, &output)
      }
      if request.body != nil { return readBody(request, bytes) }
      if plan.needsDriver { return nil }
      answer(plan, request.parser.request, &output)
      return 0
    case .webSocket: return nil
    }
  }

  /// - Parameter pending: the request, where its beginning has come before.
  private mutating func readHeader(
    _ pending: PendingRequest?, _ bytes: Span<UInt8>, _ output: inout OutputBuffer
  ) -> Int? {
    var parser = pending?.parser ?? RequestParser()
    let hadStarted = parser.hasStarted
    switch parser.parse(bytes) {
    case .needMore:
      // The header's own deadline begins with its first byte.
      if parser.hasStarted && !hadStarted { deadline = .distantFuture }
      postpone(pending, parser)
      return nil
    case .refused(let status):
      answer(.refuse(status), parser.request, &output)
      return bytes.count
    case .request(let end):
      let plan = service.plan(parser.request, bytes)
      if parser.request.framing == .none && !plan.needsDriver {
        answer(plan, parser.request, &output)
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
    _ pending: PendingRequest?, _ parser: RequestParser, _ plan: RouteOutcome? = nil
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
    _ plan: RouteOutcome, _ request: Request, _ output: inout OutputBuffer
  ) {
    defer { service.requestServed() }
    hasServed = true
    deadline = .distantFuture
    if case .request = stage { stage = .idle }
    let headOnly = request.method == .head
    switch plan {
    case .respond(let page):
      let persistence = persist(after: request)
      service.pages.append(page, to: &output, persistence, headOnly: headOnly)
    case .stats(let report):
      let persistence = persist(after: request)
      service.stats(report).append(to: &output, persistence, headOnly: headOnly)
    case .refuse(let status):
      // After an error nobody knows where the next request would begin, so there is none.
      Response(status).append(to: &output, .close, headOnly: headOnly)
      ending = .hangingUp
    case .openWebSocket(let kind, let accept):
      service.pages.switchingProtocols.append(to: &output)
      output.append(accept)
      output.append("\r\n\r\n")
      stage = .webSocket(WebSocketState(kind))
    // Not before the driver has done its part; then it is another plan.
    case .pause, .burn, .report: break
    }
  }

  /// Whether the connection goes on behind the answer to this request.
  private mutating func persist(after request: Request) -> Response.Persistence {
    if request.keepsAlive && !isStopping {
      return request.isHTTP10 ? .keepAliveHTTP10 : .keepAlive
    }
    // A client that asked for the end has nothing more to send that could reset what we said.
    ending = request.keepsAlive ? .hangingUp : .finished
    return .close
  }
}
