import WireProtocols

// snippet: http
/// The session while it speaks HTTP.
extension Session {
  /// Answers new requests, one after the other, directly from the buffer in which they arrived.
  /// Usually no byte is left to keep.
  @inline(__always)
  mutating func readRequests(_ bytes: Span<UInt8>, _ output: inout OutputBuffer) {
    var http = HTTPConnection()
    var outcome: RouteOutcome?
    let done = readRequests(&http, &outcome, bytes, &output)
    if done < bytes.count || http.state != .idle {
      keep(http, outcome, InputBuffer(bytes.extracting(done...)))
    }
  }

  @inline(never)
  private mutating func keep(
    _ http: HTTPConnection, _ outcome: RouteOutcome?, _ rest: consuming InputBuffer
  ) {
    if case .webSocket(let webSocket) = state {
      webSocket.connection.input = rest
    } else if closeState == .open {
      state = .request(PendingRequest(http, outcome, rest))
    }
  }

  /// Continues with a request that had to wait.
  mutating func proceed(_ pending: PendingRequest, _ output: inout OutputBuffer) {
    pending.endPause()
    var input = InputBuffer()
    swap(&input, &pending.input)
    let done = readRequests(
      &pending.http, &pending.outcome, input.bytes.span.extracting(input.unread), &output)
    input.skip(done)
    if output.count < Self.batch && closeState == .open { endInput(of: pending, &output) }
    // Moving what is left after each request of a pipeline would copy the same bytes again and
    // again. Moving it when more bytes are needed copies it once.
    if pending.http.state != .complete { input.compact() }
    if case .webSocket(let webSocket) = state {
      webSocket.connection.input = input
    } else if closeState != .open || (pending.http.state == .idle && input.isEmpty) {
      state = .idle
    } else {
      pending.input = input
    }
  }

  /// Ends the input, after everything that arrived was read. If the client has finished sending, a
  /// request that is incomplete is refused.
  private mutating func endInput(of pending: PendingRequest, _ output: inout OutputBuffer) {
    if inputHasEnded, case .refuse(let status) = pending.http.endOfInput() {
      answer(.refuse(status), &pending.http, isLast: true, &output)
    }
    if isStopping { _ = pending.http.stop() }
    if pending.http.state == .closed && closeState == .open { close(lingering: false) }
  }

  /// Reads and answers as far as possible; returns how many bytes were used.
  @inline(__always)
  private mutating func readRequests(
    _ http: inout HTTPConnection, _ outcome: inout RouteOutcome?, _ bytes: Span<UInt8>,
    _ output: inout OutputBuffer
  ) -> Int {
    var done = 0
    while output.count < Self.batch && closeState == .open,
      let count = readPart(&http, &outcome, bytes.extracting(done...), &output)
    {
      done += count
    }
    return done
  }

  /// Reads a header section or a part of a body, or answers. Returns how many bytes that used;
  /// `nil` if more bytes are needed, or the driver has to act.
  @inline(__always)
  private mutating func readPart(
    _ http: inout HTTPConnection, _ outcome: inout RouteOutcome?, _ bytes: Span<UInt8>,
    _ output: inout OutputBuffer
  ) -> Int? {
    switch http.state {
    case .idle, .head, .body:
      return bytes.isEmpty ? nil : read(&http, &outcome, bytes, &output)
    case .complete:
      guard let route = outcome, !route.needsDriver else { return nil }
      outcome = nil
      answer(route, &http, isLast: isLast(before: bytes), &output)
      return 0
    case .refused:
      answer(.refuse(http.refusal), &http, isLast: true, &output)
      return bytes.count
    case .upgraded, .closed: return nil
    }
  }

  @inline(__always)
  private mutating func read(
    _ http: inout HTTPConnection, _ outcome: inout RouteOutcome?, _ bytes: Span<UInt8>,
    _ output: inout OutputBuffer
  ) -> Int? {
    let wasIdle = http.state == .idle
    switch http.read(bytes) {
    case .needMore(let count):
      // The header timeout starts with the first byte of the header section.
      if wasIdle && http.state == .head { deadline = .distantFuture }
      return count > 0 ? count : nil
    case .head(let count):
      let route = service.route(http.request, bytes)
      if http.state == .complete && !route.needsDriver {
        answer(route, &http, isLast: isLast(before: bytes.extracting(count...)), &output)
      } else {
        outcome = postpone(route, &http, bodyHasStarted: count < bytes.count, &output)
      }
      return count
    case .request(let count): return count
    case .refuse: return 0
    case .close: return nil
    }
  }

  /// Postpones an answer that has to wait for the body, or for the driver. A client that asks
  /// whether it should send its body gets either the final answer or `100 Continue` now (RFC 9110
  /// section 10.1.1).
  @inline(never)
  private mutating func postpone(
    _ route: RouteOutcome, _ http: inout HTTPConnection, bodyHasStarted: Bool,
    _ output: inout OutputBuffer
  ) -> RouteOutcome? {
    deadline = .distantFuture
    guard http.request.expectsContinue else { return route }
    if route.isRefusal {
      answer(route, &http, isLast: true, &output)
      return nil
    }
    if !bodyHasStarted { output.append("HTTP/1.1 100 Continue\r\n\r\n") }
    return route
  }

  /// Whether the server is stopping and no request follows that it will answer.
  @inline(__always)
  private func isLast(before rest: Span<UInt8>) -> Bool { isStopping && !Self.holdsRequest(rest) }

  /// Whether a whole request has arrived, or one that will be refused.
  private static func holdsRequest(_ bytes: Span<UInt8>) -> Bool {
    var http = HTTPConnection()
    var done = 0
    while done < bytes.count {
      switch http.read(bytes.extracting(done...)) {
      case .needMore, .close: return false
      case .refuse: return true
      case .head(let count), .request(let count): done += count
      }
      if http.state == .complete { return true }
    }
    return false
  }

  private mutating func answer(
    _ route: RouteOutcome, _ http: inout HTTPConnection, isLast: Bool, _ output: inout OutputBuffer
  ) {
    defer { service.requestServed() }  // `/stats` does not count itself.
    hasServed = true
    deadline = .distantFuture
    let headOnly = http.request.method == .head
    switch route {
    case .respond(let page):
      let persistence = http.respond(andClose: isLast)
      service.append(page, to: &output, persistence, headOnly: headOnly)
    case .stats(let report):
      let persistence = http.respond(andClose: isLast)
      service.stats(report).append(to: &output, persistence, headOnly: headOnly)
    case .refuse(let status):
      let persistence = http.respond(andClose: true)
      Response(status, server: service.name).append(to: &output, persistence, headOnly: headOnly)
    case .forbid(let reason):
      let persistence = http.respond(andClose: true)
      Response(.forbidden, server: service.name, body: Array(reason.utf8))
        .append(to: &output, persistence, headOnly: headOnly)
    case .openWebSocket(let kind, let accept):
      http.upgrade()
      service.pages.switchingProtocols.append(to: &output)
      output.append(accept)
      output.append("\r\n\r\n")
      state = .webSocket(WebSocketSession(kind))
      takesFrames = true
    // The driver replaces these before an answer is due.
    case .pause, .burn, .report: break
    }
    if http.state == .closed { close(lingering: true) }
  }
}
// snippet: end
