import Common

/// What other tasks and threads have to tell a waiter.
enum Call { case news, cancel }

/// The place where a task waits. It suspends here, and exactly one of an event, a deadline, news or a
/// cancellation resumes it.
final class Waiter: @unchecked Sendable {
  // Unchecked: once it is registered, it belongs to its loop's thread.
  enum Purpose { case reading, writing, sleeping }

  enum Wakeup {
    /// Readable, or writable: whichever was waited for.
    case ready
    case timedOut
    /// For readers only: the mailbox has something, or the server stops.
    case news
    /// The task was cancelled, or the peer has gone.
    case cancelled
  }

  /// What it is registered as.
  var token = Token(index: 0, generation: 0)
  /// With an edge trigger, what is ready must be remembered: the event does not come again.
  var mayRead = false
  var mayWrite = true
  var isReadClosed = false
  private(set) var deadline = Instant.distantFuture
  /// The entry of the timer heap that is responsible.
  var timer = Instant.distantFuture
  private var purpose = Purpose.reading
  private var hasNews = false
  private var isCancelled = false
  private var continuation: UnsafeContinuation<Wakeup, Never>?

  /// Suspends the task that owns this place. What came before is not lost: it is looked at first.
  func wait(
    for purpose: Purpose, until deadline: Instant, on loop: EventLoop,
    isolation: isolated (any Actor)? = #isolation
  ) async -> Wakeup {
    self.purpose = purpose
    self.deadline = deadline
    if let reason = pending() { return reason }
    loop.setTimer(self)
    return await withUnsafeContinuation { continuation = $0 }
  }

  private func pending() -> Wakeup? {
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
  func wake(_ reason: Wakeup) {
    guard let waiting = continuation else { return }
    continuation = nil
    waiting.resume(returning: reason)
  }

  func note(_ event: Event) {
    if event.isReadClosed { isReadClosed = true }
    if event.isReadable { mayRead = true }
    if event.isWritable { mayWrite = true }
    if event.isHangUp && purpose == .sleeping { isCancelled = true }
    wakeIfPending()
  }

  func note(_ call: Call) {
    switch call {
    case .news: hasNews = true
    case .cancel: isCancelled = true
    }
    wakeIfPending()
  }

  private func wakeIfPending() {
    if continuation != nil, let reason = pending() { wake(reason) }
  }
}
