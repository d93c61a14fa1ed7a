import Common

/// Where the tasks of a loop wait: a place for each descriptor. A task suspends at its place, and exactly one of an event, a
/// deadline, news or a cancellation resumes it.
final class Waiters: @unchecked Sendable {
  // Unchecked: the places belong to the loop's thread.
  enum Purpose { case reading, writing, sleeping }

  enum Wakeup {
    /// Readable, or writable: whichever was waited for.
    case ready
    case timedOut
    /// For readers only: the mailbox has something, or the server stops.
    case news
    /// The wait shall end for good: the server ends, or the peer has gone.
    case cancelled
  }

  enum Message { case news, cancel }

  let loop: EventLoop
  /// Called when a stop was requested and the grace is over.
  var atEndOfGrace: (() -> Void)?
  private let grace: Duration
  private var places: [Place] = []
  private var generation: UInt32 = 0

  private struct Place {
    /// 0: nobody's. Who comes next has another one, so that nothing reaches the wrong task.
    var generation: UInt32 = 0
    var purpose = Purpose.reading
    var readiness: Readiness = [.mayRead, .mayWrite]
    var hasNews = false
    var isCancelled = false
    /// Reads in a row that found as much as there was room for.
    var turns: UInt8 = 0
    var deadline = Deadline()
    var continuation: UnsafeContinuation<Wakeup, Never>?

    mutating func take(_ message: Message) {
      switch message {
      case .news: hasNews = true
      case .cancel: isCancelled = true
      }
    }
  }

  init(_ loop: EventLoop, grace: Duration) {
    (self.loop, self.grace) = (loop, grace)
    places.reserveCapacity(Descriptor.limit)
  }

  /// Makes a place for a descriptor. Both interests, once and for all: with an edge trigger that costs nothing.
  func add(_ number: Int32) throws(SystemError) -> Token {
    generation = generation == .max ? 1 : generation + 1
    let token = Token(index: UInt32(number), generation: generation)
    try loop.poller.register(number, token: token, interest: [.readable, .writable])
    while places.count <= token.index { places.append(Place()) }
    places[Int(token.index)] = Place(generation: generation)
    return token
  }

  func remove(_ token: Token) { places[Int(token.index)] = Place() }

  /// Suspends the task that has this place. What came before is not lost: it is looked at first.
  @inline(__always)
  func wait(
    _ token: Token, for purpose: Purpose, until deadline: Instant
  ) async -> Wakeup {
    if let reason = prepare(token, purpose, deadline) {
      // Who always has something to read lets the others run from time to time.
      if places[Int(token.index)].turns >= 16 { await Task.yield() }
      return reason
    }
    return await withUnsafeContinuation { places[Int(token.index)].continuation = $0 }
  }

  private func prepare(_ token: Token, _ purpose: Purpose, _ deadline: Instant) -> Wakeup? {
    let index = Int(token.index)
    places[index].purpose = purpose
    if let reason = takeReason(index) { return reason }
    places[index].deadline.set(deadline, token, in: &loop.timers)
    return nil
  }

  /// Takes what has arrived, if anything has; does not wait.
  func receive(_ token: Token, from socket: borrowing Socket) throws(SystemError) -> Int? {
    let index = Int(token.index)
    let count = try places[index].readiness.receive(from: socket, into: &loop.space.input)
    let hasMore = places[index].readiness.contains(.mayRead) && places[index].turns < 16
    places[index].turns = hasMore ? places[index].turns + 1 : 0
    return count
  }

  /// The kernel has no more, or takes no more: the next wait is for an event.
  func noteExhausted(_ token: Token, for purpose: Purpose) {
    if purpose == .reading { places[Int(token.index)].readiness.remove(.mayRead) }
    if purpose == .writing { places[Int(token.index)].readiness.remove(.mayWrite) }
  }

  /// Why the wait is over, if it is.
  private func takeReason(_ index: Int) -> Wakeup? {
    let place = places[index]
    if place.isCancelled { return .cancelled }
    switch place.purpose {
    case .reading where place.readiness.contains(.mayRead): return .ready
    case .writing where place.readiness.contains(.mayWrite): return .ready
    case .reading where place.hasNews:
      places[index].hasNews = false
      return .news
    default: return nil
    }
  }

  /// Notes something at a place, if it is still that token's, and resumes the task if it waits for this.
  private func note(_ token: Token, _ change: (inout Place) -> Void) {
    let index = Int(token.index)
    guard index < places.count, places[index].generation == token.generation else { return }
    change(&places[index])
    if places[index].continuation != nil, let reason = takeReason(index) { wake(index, reason) }
  }

  /// The continuation is taken out first: this happens once.
  private func wake(_ index: Int, _ reason: Wakeup) {
    let continuation = places[index].continuation.take()
    continuation?.resume(returning: reason)
  }
}

/// What happens on the loop.
extension Waiters {
  func handle(_ event: Event) {
    note(event.token) { place in
      place.readiness.note(event)
      if event.isHangUp && place.purpose == .sleeping { place.isCancelled = true }
    }
  }

  func handleTimer(_ token: Token, deadline due: Instant) {
    let index = Int(token.index)
    if token == .loop {
      atEndOfGrace?()
    } else if index < places.count, places[index].generation == token.generation,
      places[index].deadline.isOver(due, at: loop.space.now, token, in: &loop.timers)
    {
      wake(index, .timedOut)
    }
  }

  func handleStop() {
    tellAll(.news)
    loop.timers.insert(loop.space.now + grace, .loop)
  }

  /// Tells a task something, from any thread.
  func tell(_ token: Token, _ message: Message) {
    loop.perform { self.note(token) { $0.take(message) } }
  }

  /// Tells all tasks, from any thread.
  func tellAll(_ message: Message) {
    loop.perform {
      for (index, place) in self.places.enumerated() where place.generation != 0 {
        self.note(Token(index: UInt32(index), generation: place.generation)) { $0.take(message) }
      }
    }
  }
}
