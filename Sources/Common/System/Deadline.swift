/// When a wait ends, and the one entry of the timer heap that watches over it.
///
/// An entry cannot be taken out of the middle of a heap, and need not be: where the deadline has moved on, the entry stays
/// and is put back at the right place when its old time comes. So a busy keep-alive connection costs no heap operation
/// at all, and there is one entry per client, however often it waits.
public struct Deadline: Sendable {
  private var instant = Instant.distantFuture
  private var entry = Instant.distantFuture

  public init() {}

  public mutating func set(_ instant: Instant, _ token: Token, in timers: inout Timers) {
    self.instant = instant
    if instant >= entry { return }
    timers.insert(instant, token)
    entry = instant
  }

  /// An entry has come up, `due` at that time. False where another one is responsible, or the deadline has moved on.
  public mutating func isOver(
    _ due: Instant, at now: Instant, _ token: Token, in timers: inout Timers
  ) -> Bool {
    guard due == entry else { return false }
    entry = .distantFuture
    if instant <= now { return true }
    set(instant, token, in: &timers)
    return false
  }
}
