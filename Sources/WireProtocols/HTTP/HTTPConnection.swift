// snippet: http
/// The server's side of an HTTP/1.1 connection: bytes go in, requests come out, and the answers
/// decide whether the connection stays open (RFC 9112 sections 2 to 9).
///
/// **Theory of operation.** Each event is a `mutating func` that returns an ``Action``; nothing
/// else changes ``state``. Between two requests the value is the same as a new one, so an idle
/// connection does not have to keep it. The caller keeps the bytes (see ``read(_:)``), decides
/// which response a request gets, and sends it.
///
///              ┌───────── part of a header section ────────┐
///              │                                           ▼
///     ╭──▶ [ idle ] ── header section, a body ──╮       [ head ]
///     │        │            follows             ▼          │
///     │        │ header section            [ body ] ◀──────┤ header section, a body follows
///     │        ▼                                │          │
///     │   [ complete ] ◀──── end of body ───────╯          │
///     │     │  │  ╰── upgrade ──▶ [ upgraded ]             │
///     ╰─────╯  ▼                                           │
///   respond [ closed ] ◀── respond ── [ refused ] ◀────────╯ malformed, too late, cut short
///
/// | state            | event                         | → state  | action           |
/// |------------------|-------------------------------|----------|------------------|
/// | idle, head       | part of a header section      | head     | needMore         |
/// | idle, head       | a header section without body | complete | head             |
/// | idle, head       | one that announces a body     | body     | head             |
/// | body             | part of the body              | body     | needMore         |
/// | body             | its end                       | complete | request          |
/// | idle, head, body | something malformed           | refused  | refuse           |
/// | idle             | timeOut, endOfInput, stop     | closed   | close            |
/// | head, body       | timeOut                       | refused  | refuse(408)      |
/// | head, body       | endOfInput                    | refused  | refuse(400)      |
/// | complete         | respond, more may follow      | idle     | keep-alive       |
/// | complete         | respond, the last one         | closed   | close            |
/// | body, refused    | respond                       | closed   | close            |
/// | complete         | upgrade                       | upgraded |                  |
///
/// Every other event leaves the state as it is and asks for nothing.
public struct HTTPConnection: Sendable {
  /// The states of the table above.
  public enum State: Sendable { case idle, head, body, complete, refused, upgraded, closed }

  /// The caller's next step. A number says how many of the given bytes were used.
  public enum Action: Equatable, Sendable {
    /// Call again when more bytes have arrived.
    case needMore(Int)
    /// A header section: the ranges of ``request`` count from the first byte that was given.
    case head(Int)
    /// The end of the request's body.
    case request(Int)
    /// Answer with this status, and call ``respond(andClose:)``.
    case refuse(Status)
    /// Close the connection without a response.
    case close
  }

  /// The state: only the events below change it.
  public private(set) var state = State.idle
  /// The status of a request that was refused.
  public private(set) var refusal = Status.badRequest
  private var parser = RequestParser()
  private var body = BodyParser(.none)

  /// Creates a connection on which nothing was received.
  public init() {}

  /// The request whose header section was read last.
  public var request: Request { @inline(__always) _read { yield parser.request } }

  /// Whether a request has started but is not complete.
  public var needsInput: Bool { state == .head || state == .body }

  /// Takes bytes that have arrived. While the header section is incomplete, pass all of its bytes
  /// again, with the new ones at their end; otherwise only those that were not used yet.
  @inline(__always)
  public mutating func read(_ bytes: Span<UInt8>) -> Action {
    switch state {
    case .idle, .head: readHead(bytes)
    case .body: readBody(bytes)
    case .complete, .refused, .upgraded, .closed: .needMore(0)
    }
  }

  @inline(__always)
  private mutating func readHead(_ bytes: Span<UInt8>) -> Action {
    if state == .idle && parser.isDone { parser = RequestParser() }
    switch parser.parse(bytes) {
    case .needMore:
      state = parser.hasStarted ? .head : .idle  // Empty lines start nothing.
      return .needMore(0)
    case .request(let end):
      state = parser.request.framing == .none ? .complete : .body
      if state == .body { body = BodyParser(parser.request.framing) }
      return .head(end)
    case .refused(let status): return refuse(status)
    }
  }

  private mutating func readBody(_ bytes: Span<UInt8>) -> Action {
    switch body.parse(bytes) {
    case .needMore: return .needMore(bytes.count)
    case .end(let end):
      state = .complete
      return .request(end)
    case .refused(let status): return refuse(status)
    }
  }

  /// Handles a timeout: no bytes arrived by the deadline.
  public mutating func timeOut() -> Action {
    if state == .idle { return close() }
    return needsInput ? refuse(.requestTimeout) : .needMore(0)
  }

  /// Handles the end of the input: the client has finished sending, and every byte was given to
  /// ``read(_:)``.
  public mutating func endOfInput() -> Action {
    if state == .idle { return close() }
    return needsInput ? refuse(.badRequest) : .needMore(0)
  }

  /// Closes the connection because the server is stopping, unless a request has started: that one
  /// may still be finished.
  public mutating func stop() -> Action { state == .idle ? close() : .needMore(0) }

  /// Notes that the response is about to be sent. If the request's body is not complete yet, we
  /// cannot know where the next request would start, so the connection closes after the response.
  /// - Parameter closes: whether this response should be the last one.
  /// - Returns: how the response says whether the connection stays open (RFC 9112 section 9.3).
  @inline(__always)
  public mutating func respond(andClose closes: Bool) -> Response.Persistence {
    guard state == .complete, parser.request.keepsAlive, !closes else {
      state = .closed
      return .close
    }
    state = .idle
    return parser.request.isHTTP10 ? .keepAliveHTTP10 : .keepAlive
  }

  /// Notes that `101 Switching Protocols` is about to be sent: what follows is no longer HTTP.
  public mutating func upgrade() { if state == .complete { state = .upgraded } }

  private mutating func refuse(_ status: Status) -> Action {
    (state, refusal) = (.refused, status)
    return .refuse(status)
  }

  private mutating func close() -> Action {
    state = .closed
    return .close
  }
}
// snippet: end
