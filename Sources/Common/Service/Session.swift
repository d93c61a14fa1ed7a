import Tracing
import WireProtocols

// snippet: session
/// One connection's conversation without any I/O: bytes go in, bytes come out, and it says what it
/// wants next.
///
/// **Theory of operation.** A driver asks ``next(_:)`` what to do, does it, and asks again. The
/// rules of the protocols are in `HTTPConnection` and `WebSocketConnection`, the service's answers
/// in ``HelloService``; the session joins the two and knows the time. *How to wait* is the driver's
/// business, and all that the chapters differ in. The session makes no system call and looks at no
/// clock, so a test can play any network and any time.
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
/// Requests are answered from the thread's ``IOBuffers`` into it. Only what is unfinished is kept,
/// in an object that an idle client does not have.
public struct Session: ~Copyable {
  /// The driver's next step.
  public enum Action: Equatable {
    /// Wait for bytes until then. If that is over already, take what is there without waiting.
    case read(until: Instant)
    case write
    case pause(Duration)
    case burn(Duration)
    /// The output is empty, so the driver may serve others meanwhile.
    case deliver(Command)
    case halfClose
    case finish
  }

  enum State {
    /// HTTP, between requests: everything that has arrived is answered.
    case idle
    /// HTTP, with bytes or a request that are not done with.
    case request(PendingRequest)
    case webSocket(WebSocketSession)
  }

  enum CloseState {
    case open
    /// The last byte was sent; the writing side is closed next. If the peer still sends, closing
    /// everything at once would reset the connection and could destroy what it has not read yet
    /// (RFC 9112 section 9.6).
    case lingering
    /// Drops everything that the peer sends, until its end or the deadline.
    case draining
    case closed
  }

  enum StopState {
    case running
    /// The server stops; one last read, without waiting, takes what has arrived until now.
    case lastRead
    case stopping
  }

  /// Answers are collected up to about this many bytes before they are written.
  static let batch = 64 * 1024
  /// How many bytes of answers may wait while a client's next commands are carried out. Copying
  /// them costs less than a system call for each command.
  static let held = 4 * 1024

  let service: HelloService
  var state = State.idle
  /// When the wait for the peer ends; `distantFuture` until it begins.
  var deadline = Instant.distantFuture
  var closeState = CloseState.open
  var stopState = StopState.running
  var hasServed = false
  var inputHasEnded = false
  /// Whether a frame for this client still makes sense: after a Close frame none is sent. A
  /// broadcast asks this of ten thousand clients, so the answer is here as well, and not only in an
  /// object that would have to be fetched from memory.
  public internal(set) var takesFrames = false

  /// Creates the session of a new connection.
  public init(_ service: HelloService) {
    self.service = service
    service.connectionOpened()
  }

  deinit { service.connectionClosed() }

  /// Takes the first `count` bytes of the buffers' input. None at all means that the peer has
  /// finished sending, as recv(2) says it. Ask ``next(_:)`` before the buffers are used for another
  /// session.
  public mutating func receive(_ count: Int, _ buffers: inout IOBuffers) {
    Trace.handle()
    if count == 0 { inputHasEnded = true }
    if stopState == .lastRead { stopState = .stopping }
    guard closeState == .open else {
      // A peer that never stops sending must not decide how long this takes.
      if buffers.now >= deadline { closeState = .closed }
      return
    }
    if case .webSocket(let webSocket) = state { return receive(count, webSocket, &buffers) }
    // A reference; it lets the answers be written while the bytes are read.
    let input = buffers.input
    let bytes = input.span.extracting(first: count)
    switch state {
    case .idle: readRequests(bytes, &buffers.output)
    case .request(let pending): pending.input.append(bytes)
    case .webSocket: break
    }
  }

  /// Says what the driver should do now.
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

  /// Nothing came until the deadline that ``Action/read(until:)`` named.
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

  /// The server stops: what has arrived is still read and answered, then this connection ends.
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

  /// Whether these answers could wait for those to the next command. Not before the client has
  /// joined: from then on others may write to its socket, and the handshake has to come first.
  @inline(__always)
  private var mayHoldBack: Bool {
    guard case .webSocket(let webSocket) = state else { return false }
    return webSocket.command != nil && webSocket.clientID != nil
  }

  /// Whether there is nothing to do.
  @inline(__always)
  private var isQuiet: Bool {
    if case .idle = state { !inputHasEnded && !isStopping } else { false }
  }

  /// Gets as far as possible with what is there. Rarely needed, so it is not inlined into
  /// ``next(_:)``.
  @inline(never)
  private mutating func proceed(_ buffers: inout IOBuffers) {
    if stopState == .lastRead { return }
    switch state {
    case .idle: close(lingering: false)
    case .request(let pending): proceed(pending, &buffers.output)
    case .webSocket: break
    }
    if case .webSocket(let webSocket) = state,
      webSocket.hasWork || inputHasEnded || isStopping
    {
      readMessages(webSocket, &buffers.output)
      // Moving what is left would cost as much for each command as it costs once for all.
      if webSocket.command == nil { webSocket.connection.input.compact() }
    }
  }

  /// The driver's part, before this continues.
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
