/// The session as long as it speaks HTTP.
extension Session {
  private static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// Looks for a whole header section; false where more bytes are needed.
  mutating func readRequest(at moment: Moment) -> Bool {
    if input.unreadCount == 0 { return requestEnded() }
    let hadStarted = parser.hasStarted
    switch parser.parse(input) {
    case .needMore:
      if parser.hasStarted && !hadStarted { deadline = nil }  // The header's own deadline begins.
      return requestEnded()
    case .refused(let status):
      phase = .answering(.refuse(status))
    case .request(let end):
      let plan = service.plan(parser.request, input.bytes.span.extracting(input.unread))
      input.skip(end)
      body = BodyParser(parser.request.framing)
      if parser.request.expectsContinue && input.unreadCount == 0 {
        output.append(contentsOf: Self.continueResponse)
      }
      deadline = nil
      if parser.request.framing == .none { begin(plan) } else { phase = .body(plan) }
    }
    return true
  }

  /// Passes over the body; false where more bytes are needed.
  mutating func readBody(_ plan: Plan) -> Bool {
    switch body.parse(input) {
    case .needMore:
      input.skip(input.unreadCount)
      return requestEnded()
    case .refused(let status):
      phase = .answering(.refuse(status))
    case .end(let end):
      input.skip(end)
      begin(plan)
    }
    return true
  }

  /// More bytes are needed. Between requests a stop or the peer's end is the end; within one, the peer's end
  /// is an error.
  private mutating func requestEnded() -> Bool {
    input.compact()
    if phase == .request && !parser.hasStarted {
      if inputHasEnded || isStopping { phase = .finished }
      return false
    }
    guard inputHasEnded else { return false }
    phase = .answering(.refuse(.badRequest))
    return true
  }

  private mutating func begin(_ plan: Plan) {
    switch plan {
    case .pause(let time): phase = .pausing(time)
    case .burn(let time): phase = .burning(time)
    case .stats where service.runsErrands: phase = .errand(.report)
    default: phase = .answering(plan)
    }
  }

  mutating func answer(_ plan: Plan, at moment: Moment) -> Bool {
    switch plan {
    case .respond(let page): respond(service.pages[page], at: moment)
    case .stats: respond(service.stats(), at: moment)
    case .report(let report): respond(service.stats(report), at: moment)
    case .refuse(let status): refuse(status, at: moment)
    case .openWebSocket(let kind, let accept): openWebSocket(kind, accept, at: moment)
    case .pause, .burn: break  // Those were carried out, and came back as an answer.
    }
    return true
  }

  private mutating func respond(_ response: Response, at moment: Moment) {
    let request = parser.request
    let keepsAlive = request.keepsAlive && !isStopping
    response.append(
      to: &output,
      keepsAlive ? (request.isHTTP10 ? .keepAliveHTTP10 : .keepAlive) : .close,
      headOnly: request.method == .head, date: moment.date)
    requestDone()
    if !keepsAlive {
      // A client that asked for the end has nothing more to send that could reset what we said.
      phase = request.keepsAlive || input.unreadCount > 0 ? .hangingUp : .finished
    }
  }

  /// After an error nobody knows where the next request would begin, so there is none.
  private mutating func refuse(_ status: Status, at moment: Moment) {
    Response(status).append(
      to: &output, .close, headOnly: parser.request.method == .head, date: moment.date)
    requestDone()
    input.removeAll()
    phase = .hangingUp
  }

  private mutating func requestDone() {
    service.requestServed()
    parser.reset()
    deadline = nil
    hasServed = true
    phase = .request
  }

  private mutating func openWebSocket(
    _ kind: WebSocketState.Kind, _ accept: [UInt8], at moment: Moment
  ) {
    service.pages.switchingProtocols.append(to: &output, date: moment.date)
    output.append(contentsOf: accept)
    output.append(contentsOf: "\r\n\r\n".utf8)
    requestDone()
    webSocket = WebSocketState(kind)
    phase = kind == .chat ? .delivering(.join) : .webSocket
  }
}
