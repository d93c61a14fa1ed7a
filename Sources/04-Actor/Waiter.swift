import Common

/// The place where a task waits. It suspends here, and exactly one of an event, a deadline, news or a
/// cancellation resumes it.
class Waiter: @unchecked Sendable {
  // Unchecked: once it is registered, it belongs to its loop's thread.
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

  /// What it is registered as.
  final var token = Token(index: 0, generation: 0)
  /// With an edge trigger, what is ready must be remembered: the event does not come again.
  final var mayRead = false
  final var mayWrite = true
  final var isReadClosed = false
  private final var purpose = Purpose.reading
  private final var hasNews = false
  private final var isCancelled = false
  private final var deadline = Instant.distantFuture
  /// The entry of the timer heap that is responsible.
  private final var timer = Instant.distantFuture
  private final var continuation: UnsafeContinuation<Wakeup, Never>?

  /// Suspends the task that owns this place. What came before is not lost: it is looked at first.
  final func wait(
    for purpose: Purpose, until deadline: Instant, on loop: EventLoop
  ) async -> Wakeup {
    self.purpose = purpose
    self.deadline = deadline
    if let reason = pending() { return reason }
    setTimer(loop)
    return await withUnsafeContinuation { continuation = $0 }
  }

  private final func pending() -> Wakeup? {
    if isCancelled { return .cancelled }
    switch purpose {
    case .reading where mayRead: return .ready
    case .writing where mayWrite: return .ready
    case .reading where hasNews:
      hasNews = false
      return .news
    default: return nil
    }
  }

  /// Resumes the task, if it waits. The continuation is taken out first: this happens once.
  private final func wake(_ reason: Wakeup) {
    guard let waiting = continuation else { return }
    continuation = nil
    waiting.resume(returning: reason)
  }

  final func note(_ event: Event) {
    if event.isReadClosed { isReadClosed = true }
    if event.isReadable { mayRead = true }
    if event.isWritable { mayWrite = true }
    if event.isHangUp && purpose == .sleeping { isCancelled = true }
    wakeIfPending()
  }

  final func note(_ message: Message) {
    switch message {
    case .news: hasNews = true
    case .cancel: isCancelled = true
    }
    wakeIfPending()
  }

  /// A timer entry is due: the deadline's own, or one that a later deadline has left behind.
  final func noteTimer(_ due: Instant, _ loop: EventLoop) {
    guard due == timer else { return }
    timer = .distantFuture
    if deadline > loop.now.instant { setTimer(loop) } else { wake(.timedOut) }
  }

  private final func setTimer(_ loop: EventLoop) {
    if deadline < timer {
      loop.timers.insert(deadline, token)
      timer = deadline
    }
  }

  private final func wakeIfPending() {
    if continuation != nil, let reason = pending() { wake(reason) }
  }
}
