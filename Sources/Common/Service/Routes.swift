import WireProtocols

// snippet: route
/// The answer to a request. It is chosen when the header section has arrived, and sent when the
/// body has.
enum RouteOutcome: Equatable {
  case respond(Page)
  /// The statistics, with the members that the driver has added.
  case stats(String)
  case refuse(Status)
  /// A page from another origin asked for a WebSocket: 403, with a text that says why.
  case forbid(String)
  /// The WebSocket opens; `accept` is the value of `Sec-WebSocket-Accept`.
  case openWebSocket(WebSocketSession.Kind, accept: [UInt8])
  /// Work for the driver, before there is an answer.
  case pause(Duration)
  case burn(Duration)
  case report

  var needsDriver: Bool {
    switch self {
    case .pause, .burn, .report: true
    case .respond, .stats, .refuse, .forbid, .openWebSocket: false
    }
  }

  /// Whether the client gets an error, whatever its body contains.
  var isRefusal: Bool {
    switch self {
    case .respond(.hello), .respond(.chat), .stats, .openWebSocket, .pause, .burn, .report: false
    case .respond, .refuse, .forbid: true
    }
  }
}

extension HelloService {
  static let maxDelay = Duration.seconds(60)
  static let maxBurn = Duration.seconds(10)

  /// Chooses the answer to a request.
  /// - Parameter bytes: the bytes that `request` was parsed from.
  @inline(__always)
  func route(_ request: Request, _ bytes: Span<UInt8>) -> RouteOutcome {
    let path = bytes.extracting(request.path)
    guard let route = Route(path) ?? Route(decoding: path) else { return .respond(.notFound) }
    guard request.method == .get || request.method == .head else {
      return refuseMethod(of: request, bytes, route)
    }
    let query = bytes.extracting(request.query)
    return switch route {
    case .hello: query.isEmpty ? slowHello : query.withPercentDecoding(hello)
    case .burn: query.withPercentDecoding(burn)
    case .chat: .respond(.chat)
    case .stats: topics ? .report : .stats("")
    case .echoSocket: upgrade(request, bytes, to: .echo)
    case .chatSocket: upgrade(request, bytes, to: .chat)
    }
  }

  @inline(__always)
  private var slowHello: RouteOutcome { isSlow ? .pause(options.delay) : .respond(.hello) }

  /// Answers `/?delay=250ms`, after a wait for the slow backend.
  private func hello(_ query: Span<UInt8>) -> RouteOutcome {
    guard let value = query.valueRange(of: "delay") else { return slowHello }
    guard let delay = parseDuration(query.extracting(value)) else { return .respond(.badRequest) }
    return delay == .zero ? .respond(.hello) : .pause(min(delay, Self.maxDelay))
  }

  /// Answers `/burn?ms=50`, after computing for that long.
  private func burn(_ query: Span<UInt8>) -> RouteOutcome {
    guard let value = query.valueRange(of: "ms"),
      let milliseconds = parseDecimal(query.extracting(value))
    else { return .respond(.badRequest) }
    return .burn(min(.milliseconds(min(milliseconds, 1_000_000)), Self.maxBurn))
  }

  private func upgrade(
    _ request: Request, _ bytes: Span<UInt8>, to kind: WebSocketSession.Kind
  ) -> RouteOutcome {
    guard request.method == .get else { return .respond(.upgradeRequired) }
    return switch Handshake.answer(request, bytes) {
    case .accepted(let accept):
      objection(to: request, bytes).map { .forbid($0) } ?? .openWebSocket(kind, accept: accept)
    case .upgradeRequired: .respond(.upgradeRequired)
    case .badRequest: .respond(.badRequest)
    }
  }

  /// Refuses a method that is neither GET nor HEAD. A browser does not tell a page why its
  /// WebSocket was refused, but the page can ask with a POST: unlike a GET, a POST carries the
  /// page's origin, as the request for the WebSocket did.
  private func refuseMethod(
    of request: Request, _ bytes: Span<UInt8>, _ route: Route
  ) -> RouteOutcome {
    guard route == .chatSocket || route == .echoSocket, let reason = objection(to: request, bytes)
    else { return .respond(.methodNotAllowed) }
    return .forbid(reason)
  }
}

private enum Route {
  case hello, burn, chat, stats, chatSocket, echoSocket

  init?(_ path: Span<UInt8>) {
    // RFC 9112 section 3.2.1: an absolute-form without a path means `/`.
    if path.equals("/") || path.isEmpty {
      self = .hello
    } else if path.equals("/burn") {
      self = .burn
    } else if path.equals("/chat") {
      self = .chat
    } else if path.equals("/stats") {
      self = .stats
    } else if path.equals("/ws") {
      self = .chatSocket
    } else if path.equals("/echo") {
      self = .echoSocket
    } else {
      return nil
    }
  }

  /// Finds the route of a path with percent-encoding: `/%63hat` is `/chat`.
  @inline(never)
  init?(decoding path: Span<UInt8>) {
    guard path.firstIndex(of: UInt8(ascii: "%"), from: 0) != nil,
      let route = path.withPercentDecoding({ Route($0) })
    else { return nil }
    self = route
  }
}

extension Span<UInt8> {
  /// Calls `body` with these bytes after decoding the unreserved characters: `%63` becomes `c` (RFC
  /// 3986 sections 2.3 and 6.2.2.2). Others stay encoded: a decoded `%26` would split a query.
  fileprivate func withPercentDecoding<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    if firstIndex(of: UInt8(ascii: "%"), from: 0) == nil { return body(self) }
    var decoded: [UInt8] = []
    var index = 0
    while index < count {
      if self[index] == UInt8(ascii: "%"), index + 2 < count, let high = self[index + 1].hexDigit,
        let low = self[index + 2].hexDigit, (high << 4 | low).isUnreserved
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(self[index])
        index += 1
      }
    }
    return body(decoded.span)
  }

  /// Returns the range of a parameter's value in a query such as `a=1&b=2`; the first one counts.
  fileprivate func valueRange(of name: StaticString) -> Range<Int>? {
    var start = 0
    while start < count {
      var end = start
      while end < count, self[end] != UInt8(ascii: "&") { end += 1 }
      let parameter = extracting(start..<end)
      let nameEnd = start + name.utf8CodeUnitCount
      if parameter.hasPrefix(name), nameEnd < end, self[nameEnd] == UInt8(ascii: "=") {
        return nameEnd + 1..<end
      }
      start = end + 1
    }
    return nil
  }
}
// snippet: end
