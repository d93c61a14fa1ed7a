import Tracing
import WireProtocols

/// One connection's conversation, without any I/O: bytes go in, bytes come out, and it says what it wants next.
///
/// **Theory of operation.** A driver asks ``next(_:)`` what to do, does it, and asks again. Every protocol
/// rule lives here; *how to wait* is the driver's business, and all that the chapters differ in. The session makes no
/// system call and looks at no clock, so a test can play any network and any time.
///
///     switch session.next(&buffers) {
///     case .read(let deadline):  // wait for bytes, then receive(_:_:), or timeOut()
///     case .write:               // send all of buffers.output, and empty it
///     case .pause(let time):     // the simulated slow backend
///     case .burn(let time):      // compute
///     case .deliver(let command): // the registry of clients carries it out
///     case .halfClose:           // shut the writing side down, and go on
///     case .finish:              // close
///     }
///
/// Requests are answered from the thread's ``IOBuffers`` into it. Only what is unfinished is kept, in an object that an idle
/// client does not have.
public struct Session: ~Copyable {
  public enum Action: Equatable {
    case read(until: Instant)
    case write
    case pause(Duration)
    case burn(Duration)
    case deliver(Command)
    case halfClose
    case finish
  }

  enum Stage {
    /// Between requests: all that has arrived is answered.
    case idle
    case request(PendingRequest)
    case webSocket(WebSocketState)
  }

  enum Ending {
    case notYet
    /// The last byte has been said. A peer that still sends would destroy it on the way by a reset, so the
    /// writing side is closed first and the reading side drained (RFC 9112 section 9.6).
    case hangingUp, draining
    case finished
  }

  /// Answers are collected up to about this many bytes before they are written, however many requests are waiting.
  static let batch = 64 * 1024

  let service: HelloService
  var stage = Stage.idle
  /// When the wait for the peer ends; `distantFuture` until it begins.
  var deadline = Instant.distantFuture
  var ending = Ending.notYet
  var hasServed = false
  var inputHasEnded = false
  /// Our close frame went out; the peer's is still to come (RFC 6455 section 7.1.2).
  var isClosing = false
  public private(set) var isStopping = false

  public init(_ service: HelloService) {
    self.service = service
    service.connectionOpened()
  }

  deinit { service.connectionClosed() }

  /// Takes the first `count` bytes of the buffers's input. None at all means that the peer has finished sending, as
  /// recv(2) says it. Ask ``next(_:)`` before the buffers is used for another session.
  public mutating func receive(_ count: Int, _ buffers: inout IOBuffers) {
    Trace.handle()
    if count == 0 { inputHasEnded = true }
    guard ending == .notYet else { return }
    if case .webSocket(let webSocket) = stage { return receive(count, webSocket, &buffers) }
    // A reference; it lets the answers be written while the bytes are read.
    let input = buffers.input
    let bytes = input.span.extracting(first: count)
    switch stage {
    case .idle:
      let done = readRequests(bytes, &buffers.output)
      if done < count { keep(InputBuffer(bytes.extracting(done...))) }
    case .request(let request): request.input.append(bytes)
    case .webSocket: break
    }
  }

  /// What the driver shall do now.
  public mutating func next(_ buffers: inout IOBuffers) -> Action {
    if ending == .notYet && !isQuiet { proceed(&buffers) }
    if !buffers.output.isEmpty { return .write }
    switch ending {
    case .notYet: break
    case .hangingUp:
      ending = .draining
      return .halfClose
    case .draining: if inputHasEnded { return .finish }
    case .finished: return .finish
    }
    return takeAction() ?? .read(until: readDeadline(at: buffers.now))
  }

  /// Nothing came until the deadline that ``Action/read(until:)`` named.
  public mutating func timeOut() {
    deadline = .distantFuture
    switch stage {
    case .request(let request) where ending == .notYet && request.hasStarted:
      (request.plan, request.body) = (.refuse(.requestTimeout), nil)
    case .webSocket(let webSocket)
    where ending == .notYet && !isClosing && webSocket.askForSign():
      break
    default: ending = .finished
    }
  }

  /// The server stops: the request under way, or the messages that have arrived, are still answered, then this
  /// connection ends.
  public mutating func stop() { isStopping = true }

  /// Whether nothing waits to be done.
  @inline(__always)
  private var isQuiet: Bool {
    if case .idle = stage { !inputHasEnded && !isStopping } else { false }
  }

  /// Goes as far as possible with what is there. Seldom needed, so it is not in the way of ``next(_:)``.
  @inline(never)
  private mutating func proceed(_ buffers: inout IOBuffers) {
    if case .request(let request) = stage { proceed(request, &buffers.output) }
    if case .webSocket(let webSocket) = stage,
      webSocket.hasWork || inputHasEnded || isStopping
    {
      readMessages(webSocket, &buffers.output)
      webSocket.input.compact()
    }
    if buffers.output.count >= Self.batch || ending != .notYet { return }
    switch stage {
    case .request(let request) where request.hasStarted:
      if inputHasEnded && request.needsInput {
        answer(.refuse(.badRequest), request.parser.request, &buffers.output)
      }
    case .idle, .request: if inputHasEnded || isStopping { ending = .finished }
    case .webSocket: break
    }
  }

  /// What the driver has to do before this goes on.
  @inline(__always)
  private mutating func takeAction() -> Action? {
    switch stage {
    case .idle: nil
    case .request(let request):
      request.body == nil && request.plan == .report ? .deliver(.report) : request.takeAction()
    case .webSocket(let webSocket): takeCommand(webSocket).map { .deliver($0) }
    }
  }

  private mutating func readDeadline(at now: Instant) -> Instant {
    if deadline == .distantFuture { deadline = now + timeouts }
    return deadline
  }

  private var timeouts: UInt64 {
    let timeouts = service.timeouts
    if ending != .notYet { return timeouts.linger }
    return switch stage {
    case .request(let request) where request.plan != nil: timeouts.body
    case .request(let request) where request.hasStarted: timeouts.header
    case .idle, .request: hasServed ? timeouts.idle : timeouts.header
    case .webSocket: isClosing ? timeouts.linger : timeouts.heartbeat
    }
  }
}
