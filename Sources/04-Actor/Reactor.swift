import Common

/// Where the tasks of a loop wait: a place for each descriptor. A task suspends at its place, and exactly one of an event, a
/// deadline, news or a cancellation resumes it.
final class Reactor: @unchecked Sendable {
  // Unchecked: the places belong to the loop's thread.
  enum Interest { case reading, writing, sleeping }

  enum WakeReason {
    /// Readable, or writable: whichever was waited for.
    case ready
    case timedOut
    /// For readers only: the mailbox has something, or the server stops.
    case news
    /// The wait shall end for good: the server ends, or the peer has gone.
    case cancelled
  }

  enum Message { case news, cancel }

  let loop: EventLoopExecutor
  /// Called when a stop was requested and the grace is over.
  var onGraceExpired: (() -> Void)?
  private let grace: Duration
  private var places: [ScheduledIO] = []
  private var generation: UInt32 = 0

  init(_ loop: EventLoopExecutor, grace: Duration) {
    (self.loop, self.grace) = (loop, grace)
    places.reserveCapacity(Descriptor.limit)
  }

  /// Makes a place for a descriptor. Both interests, once and for all: with an edge trigger that costs nothing.
  func add(_ number: Int32) throws(SystemError) -> Token {
    generation = generation == .max ? 1 : generation + 1
    let token = Token(index: UInt32(number), generation: generation)
    try loop.poller.register(number, token: token, interest: [.readable, .writable])
    while places.count <= token.index { places.append(ScheduledIO()) }
    places[Int(token.index)] = ScheduledIO(generation: generation)
    return token
  }

  func remove(_ token: Token) { places[Int(token.index)] = ScheduledIO() }

  /// Suspends the task that has this place. What came before is not lost: it is looked at first.
  @inline(__always)
  func wait(
    _ token: Token, for purpose: Interest, until deadline: Instant
  ) async -> WakeReason {
    if let reason = prepare(token, purpose, deadline) {
      // Who always has something to read lets the others run from time to time.
      if places[Int(token.index)].turns >= 16 { await Task.yield() }
      return reason
    }
    return await withUnsafeContinuation { places[Int(token.index)].continuation = $0 }
  }

  private func prepare(_ token: Token, _ purpose: Interest, _ deadline: Instant) -> WakeReason? {
    places[Int(token.index)].purpose = purpose
    if let reason = places[Int(token.index)].takeReason() { return reason }
    places[Int(token.index)].deadline.set(deadline, token, in: &loop.timers)
    return nil
  }

  /// Takes what has arrived, if anything has; does not wait.
  func receive(_ token: Token, from socket: borrowing Socket) throws(SystemError) -> Int? {
    try places[Int(token.index)].receive(from: socket, into: &loop.buffers.input)
  }

  /// The kernel has no more, or takes no more: the next wait is for an event.
  func clear(_ token: Token, _ what: Readiness) {
    places[Int(token.index)].readiness.remove(what)
  }

  /// Notes something at a place, if it is still that token's, and resumes the task if it waits for this.
  private func note(_ token: Token, _ change: (inout ScheduledIO) -> Void) {
    let index = Int(token.index)
    guard index < places.count, places[index].generation == token.generation else { return }
    change(&places[index])
    places[index].wakeIfDue()
  }
}

/// What has happened at a place, and who waits there.
private struct ScheduledIO {
  /// 0: nobody's. Who comes next has another one, so that nothing reaches the wrong task.
  var generation: UInt32 = 0
  var purpose = Reactor.Interest.reading
  var readiness: Readiness = [.mayRead, .mayWrite]
  var hasNews = false
  var isCancelled = false
  /// Reads in a row that found as much as there was room for.
  var turns: UInt8 = 0
  var deadline = Deadline()
  var continuation: UnsafeContinuation<Reactor.WakeReason, Never>?

  mutating func take(_ message: Reactor.Message) {
    switch message {
    case .news: hasNews = true
    case .cancel: isCancelled = true
    }
  }

  /// Why the wait is over, if it is.
  mutating func takeReason() -> Reactor.WakeReason? {
    if isCancelled { return .cancelled }
    switch purpose {
    case .reading where readiness.contains(.mayRead): return .ready
    case .writing where readiness.contains(.mayWrite): return .ready
    case .reading where hasNews:
      hasNews = false
      return .news
    default: return nil
    }
  }

  mutating func wakeIfDue() {
    if continuation != nil, let reason = takeReason() { wake(reason) }
  }

  /// The continuation is taken out: this happens once.
  mutating func wake(_ reason: Reactor.WakeReason) {
    continuation.take()?.resume(returning: reason)
  }

  mutating func receive(
    from socket: borrowing Socket, into buffer: inout [UInt8]
  ) throws(SystemError) -> Int? {
    let count = try readiness.receive(from: socket, into: &buffer)
    turns = readiness.contains(.mayRead) && turns < 16 ? turns + 1 : 0
    return count
  }
}

/// What happens on the loop.
extension Reactor {
  func handle(_ event: Event) {
    note(event.token) { place in
      place.readiness.note(event)
      if event.isHangUp && place.purpose == .sleeping { place.isCancelled = true }
    }
  }

  func handleTimer(_ token: Token, deadline due: Instant) {
    let index = Int(token.index)
    if token == .loop {
      onGraceExpired?()
    } else if index < places.count, places[index].generation == token.generation,
      places[index].deadline.isOver(due, at: loop.buffers.now, token, in: &loop.timers)
    {
      places[index].wake(.timedOut)
    }
  }

  func handleStop() {
    notifyAll(.news)
    loop.timers.insert(loop.buffers.now + grace, .loop)
  }

  /// Tells a task something, from any thread.
  func tell(_ token: Token, _ message: Message) {
    loop.execute { self.note(token) { $0.take(message) } }
  }

  /// Tells all tasks, from any thread.
  func notifyAll(_ message: Message) {
    loop.execute { [self] in
      for index in places.indices where places[index].generation != 0 {
        places[index].take(message)
        places[index].wakeIfDue()
      }
    }
  }
}
