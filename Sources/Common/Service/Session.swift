/// One connection's conversation, without any I/O: bytes go in, bytes come out, and it says what it wants next.
///
/// **Theory of operation.** A driver asks ``next(at:)`` what to do, does it, and asks again. Every protocol
/// rule lives here; *how to wait* is the driver's business, and all that the chapters differ in. The session makes no
/// system call and looks at no clock, so a test can play any network and any time.
///
///     switch session.next(at: clock.now()) {
///     case .read(let deadline):  // wait for bytes, then receive(_:), or timeOut()
///     case .write(let bytes):    // send all of them
///     case .pause(let time):     // the simulated slow backend
///     case .burn(let time):      // compute
///     case .deliver(let order):  // the registry of clients carries it out
///     case .halfClose:           // shut the writing side down, and go on
///     case .finish:              // close
///     }
public struct Session: ~Copyable {
  public enum Action: Equatable {
    case read(until: Instant)
    case write([UInt8])
    case pause(Duration)
    case burn(Duration)
    case deliver(Order)
    case halfClose
    case finish
  }

  enum Phase: Equatable {
    /// Between requests, or within a header section.
    case request
    /// Within a body; the plan waits for its end.
    case body(Plan)
    /// The driver has something to do first.
    case pausing(Duration)
    case burning(Duration)
    /// Everything is there to answer.
    case answering(Plan)
    case delivering(Order)
    case errand(Errand)
    case webSocket
    /// The last byte has been said. A peer that still sends would destroy it on the way by a reset, so the
    /// writing side is closed first and the reading side drained (RFC 9112 section 9.6).
    case hangingUp
    case draining
    case finished
  }

  /// Answers are collected up to about this many bytes before they are written, however many requests are waiting.
  static let batch = 64 * 1024
  /// How long a peer may go on sending after the last byte was said.
  static let linger = Duration.seconds(2)

  let service: HelloService
  var phase = Phase.request
  var input = InputBuffer()
  var output: [UInt8] = []
  var parser = RequestParser()
  var body = BodyParser(.none)
  var webSocket: WebSocketState?
  /// When the wait for the peer ends; `nil` until it begins.
  var deadline: Instant?
  var inputHasEnded = false
  public private(set) var isStopping = false
  var hasServed = false

  public init(_ service: HelloService) {
    self.service = service
    service.connectionOpened()
  }

  deinit { service.connectionClosed() }

  /// Takes what arrived. No bytes at all means that the peer has finished sending, as read(2) says it.
  public mutating func receive(_ bytes: Span<UInt8>) {
    if bytes.isEmpty { inputHasEnded = true }
    if phase == .draining { return }
    input.append(bytes)
    if let webSocket, !webSocket.isClosing {
      webSocket.awaitsPong = false
      deadline = nil
    }
  }

  /// What the driver shall do now.
  public mutating func next(at moment: Moment) -> Action {
    while output.count < Self.batch && proceed(at: moment) {}
    if !output.isEmpty {
      defer { output = [] }
      return .write(output)
    }
    switch phase {
    case .pausing(let time):
      phase = .answering(.respond(.hello))
      return .pause(time)
    case .burning(let time):
      phase = .answering(.respond(.hello))
      return .burn(time)
    case .delivering(let order):
      phase = .webSocket
      return .deliver(order)
    case .hangingUp:
      phase = .draining
      return .halfClose
    case .finished:
      return .finish
    case .request, .body, .answering, .errand, .webSocket, .draining:
      return .read(until: readDeadline(at: moment))
    }
  }

  /// Nothing came until the deadline that ``Action/read(until:)`` named.
  public mutating func timeOut() {
    deadline = nil
    switch phase {
    case .request where parser.hasStarted, .body: phase = .answering(.refuse(.requestTimeout))
    case .webSocket: heartbeatMissed()
    default: phase = .finished
    }
  }

  /// The server stops: the request under way, or the messages that have arrived, are still answered, then this
  /// connection ends.
  public mutating func stop() { isStopping = true }

  /// Goes one step with what is there; false where the driver is needed.
  private mutating func proceed(at moment: Moment) -> Bool {
    switch phase {
    case .request: readRequest(at: moment)
    case .body(let plan): readBody(plan)
    case .answering(let plan): answer(plan, at: moment)
    case .webSocket: readMessage()
    case .draining: drain()
    case .pausing, .burning, .delivering, .errand, .hangingUp, .finished: false
    }
  }

  private mutating func drain() -> Bool {
    if inputHasEnded { phase = .finished }
    return false
  }

  private mutating func readDeadline(at moment: Moment) -> Instant {
    if let deadline { return deadline }
    let limits = service.options
    let patience: Duration =
      switch phase {
      case .request: hasServed && !parser.hasStarted ? limits.idleTimeout : limits.headerTimeout
      case .body: limits.bodyTimeout
      case .webSocket where webSocket?.isClosing == false: limits.heartbeat
      default: Self.linger
      }
    let deadline = moment.instant + patience
    self.deadline = deadline
    return deadline
  }
}
