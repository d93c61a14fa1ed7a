import Tracing
import WireProtocols

// snippet: session
/// The conversation on one connection, without any I/O: bytes go in, bytes come out, and it says
/// what it wants next.
///
/// **Theory of operation.** A driver asks ``next(_:)`` what to do, does it, and asks again. The
/// rules of the protocols are in `HTTPConnection` and `WebSocketConnection`, the service's answers
/// in ``HelloService``; the session joins the two and keeps the deadlines. *How to wait* is up to
/// the driver, and it is all that differs between the chapters. The session makes no system call
/// and reads no clock, so a test can simulate any network and any time.
///
///     switch session.next(&buffers) {
///     case .read(let deadline):   // wait for bytes, then receive(_:_:), or timeOut()
///     case .write:                // send all of buffers.output, and empty it
///     case .pause(let time):      // the simulated slow backend
///     case .burn(let time):       // compute
///     case .deliver(let command): // the registry of clients carries it out
///     case .halfClose:            // shut the writing side down, and continue
///     case .finish:               // close
///     }
///
///     state:       [ idle ] ◀──▶ [ request ] ──▶ [ webSocket ]
///     closeState:  [ open ] ──▶ [ lingering ] ──▶ [ draining ] ──▶ [ closed ]
///                     ╰──────────────────────────────────────────────▲
///
/// Requests are read from the thread's ``IOBuffers`` and answered into it. Only unfinished input is
/// kept, in an object that an idle client does not have.
public struct Session: ~Copyable {
  /// The driver's next step.
  public enum Action: Equatable {
    /// Wait for bytes until this deadline. If it has passed already, take what has arrived without
    /// waiting.
    case read(until: Instant)
    case write
    case pause(Duration)
    case burn(Duration)
    /// The output is empty, so the driver may serve others in the meantime.
    case deliver(Command)
    case halfClose
    case finish
  }

  enum State {
    /// HTTP, between requests: everything that has arrived is answered.
    case idle
    /// HTTP, with a request that is not answered yet, or with a part of one.
    case request(PendingRequest)
    case webSocket(WebSocketSession)
  }

  enum CloseState {
    case open
    /// The last byte was sent; the writing side is shut down next. If the peer is still sending,
    /// closing the socket at once would reset the connection, which could destroy an answer that
    /// the peer has not read yet (RFC 9112 section 9.6).
    case lingering
    /// Everything that the peer sends is dropped, until it has finished or the deadline passes.
    case draining
    case closed
  }

  enum StopState {
    case running
    /// The server is stopping; one last read, without waiting, takes what has arrived so far.
    case lastRead
    case stopping
  }

  /// Answers are collected up to about this many bytes before they are written.
  static let batch = 64 * 1024
  /// How many bytes of answers may be held back while a client's next commands are carried out.
  /// Copying them costs less than a system call for each command.
  static let held = 4 * 1024

  let service: HelloService
  var state = State.idle
  /// When the wait for the peer ends; `distantFuture` until the wait begins.
  var deadline = Instant.distantFuture
  var closeState = CloseState.open
  var stopState = StopState.running
  var hasServed = false
  var inputHasEnded = false
  /// Whether a frame may still be sent to this client: not after a Close frame. A broadcast asks
  /// this of ten thousand clients, so the flag is stored here as well: reading it from another
  /// object would cost a cache miss for each.
  public internal(set) var takesFrames = false

  /// Creates the session of a new connection.
  public init(_ service: HelloService) {
    self.service = service
    service.connectionOpened()
  }

  deinit { service.connectionClosed() }

  /// Takes the first `count` bytes of the buffers' input. Zero means that the peer has finished
  /// sending, as with recv(2). Call ``next(_:)`` before the buffers are used for another session.
  public mutating func receive(_ count: Int, _ buffers: inout IOBuffers) {
    Trace.handle()
    if count == 0 { inputHasEnded = true }
    if stopState == .lastRead { stopState = .stopping }
    guard closeState == .open else {
      // Without this line, a peer that never stops sending would never be closed.
      if buffers.now >= deadline { closeState = .closed }
      return
    }
    if case .webSocket(let webSocket) = state { return receive(count, webSocket, &buffers) }
    // A second reference to the array, so that answers can be written while the bytes are read.
    let input = buffers.input
    let bytes = input.span.extracting(first: count)
    switch state {
    case .idle: readRequests(bytes, &buffers.output)
    case .request(let pending): pending.input.append(bytes)
    case .webSocket: break
    }
  }

  /// Returns what the driver should do now.
  public mutating func next(_ buffers: inout IOBuffers) -> Action {
    if closeState == .open && !isQuiet { proceed(&buffers) }
    if !buffers.output.isEmpty && (!mayHoldBack || !holdBack(&buffers.output)) { return .write }
    switch closeState {
    case .open: break
    case .lingering:
      closeState = .draining
      return .halfClose
    case .draining: if inputHasEnded { return .finish }
    case .closed: return .finish
    }
    if stopState == .lastRead { return .read(until: buffers.now) }
    return takeAction() ?? .read(until: readDeadline(at: buffers.now))
  }

  /// Tells the session that nothing arrived by the deadline of ``Action/read(until:)``.
  public mutating func timeOut() {
    if stopState == .lastRead {
      stopState = .stopping
      return
    }
    deadline = .distantFuture
    if closeState != .open {
      closeState = .closed
      return
    }
    switch state {
    case .idle: closeState = .closed
    case .request(let pending):
      if pending.http.timeOut() == .close { closeState = .closed }
    case .webSocket(let webSocket):
      switch webSocket.connection.timeOut() {
      case .sendPing: webSocket.frames.append(contentsOf: FrameEncoder.ping)
      default: close(lingering: false)
      }
    }
  }

  /// Tells the session that the server is stopping: what has arrived is still read and answered,
  /// then this connection ends.
  public mutating func stop() {
    if stopState == .running { stopState = inputHasEnded ? .stopping : .lastRead }
  }

  /// Whether ``stop()`` was called.
  public var isStopping: Bool { stopState != .running }

  mutating func close(lingering: Bool) {
    closeState = lingering && !inputHasEnded ? .lingering : .closed
    deadline = .distantFuture
    takesFrames = false
  }

  /// Whether these answers may be held back until the next command is carried out. Not before the
  /// client has joined: after that, others may write to its socket, and the handshake must be sent
  /// before their frames.
  @inline(__always)
  private var mayHoldBack: Bool {
    guard case .webSocket(let webSocket) = state else { return false }
    return webSocket.command != nil && webSocket.clientID != nil
  }

  /// Whether there is nothing to do.
  @inline(__always)
  private var isQuiet: Bool {
    if inputHasEnded || isStopping { return false }
    return switch state {
    case .idle: true
    case .request: false
    case .webSocket(let webSocket): !webSocket.hasWork
    }
  }

  /// Goes as far as possible with what has arrived. Rarely needed, so it is not inlined into
  /// ``next(_:)``.
  @inline(never)
  private mutating func proceed(_ buffers: inout IOBuffers) {
    if stopState == .lastRead { return }
    switch state {
    case .idle: close(lingering: false)
    case .request(let pending): proceed(pending, &buffers.output)
    case .webSocket: break
    }
    if case .webSocket(let webSocket) = state {
      readMessages(webSocket, &buffers.output)
      // Moving what is left after each command of a pipeline would copy the same bytes again and
      // again. Moving it when more bytes are needed copies it once.
      if webSocket.command == nil { webSocket.connection.input.compact() }
    }
  }

  /// Returns what the driver has to do before this can continue; `nil` if that is nothing.
  @inline(__always)
  private mutating func takeAction() -> Action? {
    switch state {
    case .idle: nil
    case .request(let pending): pending.takeAction()
    case .webSocket(let webSocket):
      webSocket.command == nil ? nil : takeCommand(webSocket).map { .deliver($0) }
    }
  }

  @inline(__always)
  private mutating func readDeadline(at now: Instant) -> Instant {
    if deadline == .distantFuture { deadline = now + timeout }
    return deadline
  }

  private var timeout: UInt64 {
    let timeouts = service.timeouts
    if closeState != .open { return timeouts.linger }
    return switch state {
    case .request(let pending) where pending.http.state == .body: timeouts.body
    case .request(let pending) where pending.http.state == .head: timeouts.header
    case .idle, .request: hasServed ? timeouts.idle : timeouts.header
    case .webSocket: takesFrames ? timeouts.heartbeat : timeouts.linger
    }
  }
}
// snippet: end
