import CommandLineOptions

extension BenchOptions {
  /// Reads ab's command line: the URL may be anywhere in it. `ws` as its first word, or a URL that
  /// begins with `ws://`, asks for WebSockets.
  /// - Throws: the first mistake, in one line.
  init(_ arguments: [String]) throws(UsageError) {
    let saysWebSocket = arguments.first == "ws"
    let rest = arguments.dropFirst(saysWebSocket ? 1 : 0)
    let parsed = try Self.commandLine.parseWithOperands(rest, into: &self)
    if asksForHelp || asksForVersion { return }
    let urls = parsed.operands
    guard urls.count < 2 else { throw UsageError("more than one URL: '\(urls[0])', '\(urls[1])'") }
    guard let url = urls.first else { throw UsageError("no URL") }
    target = try Target(url: url)
    let isWebSocket = saysWebSocket || url.lowercased().hasPrefix("ws://")
    if isWebSocket && kind == .http { kind = .echo }
    try Self.checkKind(isWebSocket: isWebSocket, parsed.names)
    if isWebSocket { try checkHandshake() } else { try checkTogether() }
  }

  /// Checks that the options fit the kind of load.
  private static func checkKind(
    isWebSocket: Bool, _ names: Set<String>
  ) throws(UsageError) {
    if names.isSuperset(of: ["--echo", "--broadcast"]) {
      throw UsageError("--echo or --broadcast, not both")
    }
    let others = isWebSocket ? forHTTPOnly : Set(webSocket.map(\.name))
    if let name = others.intersection(names).min() {
      throw UsageError(isWebSocket ? "\(name) does not go with ws" : "\(name) goes with ws only")
    }
  }

  /// A server that accepts an extension sends frames that bench cannot read (RFC 6455 section 9).
  private func checkHandshake() throws(UsageError) {
    if fields.contains("Sec-WebSocket-Extensions") {
      throw UsageError("-H Sec-WebSocket-Extensions: bench speaks no extension")
    }
  }

  /// Checks for mistakes that involve more than one option.
  private func checkTogether() throws(UsageError) {
    if concurrency > requestLimit {
      throw UsageError("-c \(concurrency): more clients than requests (-n \(requestLimit))")
    }
    if asksForHeadOnly && bodyFile != nil {
      throw UsageError("-i does not go with -p or -u: a HEAD request has no body")
    }
  }
}
