/// When a wait ends, and the entry of the timer heap that watches over it.
///
/// An entry cannot be taken out of the middle of a heap, and need not be: where the deadline has moved on, the entry stays
/// and is put back at the right place when its old time comes. So a busy keep-alive connection costs no heap operation
/// at all, and there are one or two entries per client, however often it waits.
public struct Deadline: Sendable {
  private var instant = Instant.distantFuture
  private var entry = Instant.distantFuture
  /// The entry behind that, which a longer wait has left. Who waits in turn for a fast backend and for a slow client needs
  /// both, again and again.
  private var nextEntry = Instant.distantFuture

  public init() {}

  public mutating func set(_ instant: Instant, _ token: Token, in timers: inout Timers) {
    self.instant = instant
    if instant >= entry { return }
    timers.insert(instant, token)
    (entry, nextEntry) = (instant, entry)
  }

  /// An entry has come up, `due` at that time. False where another one is responsible, or the deadline has moved on.
  public mutating func isOver(
    _ due: Instant, at now: Instant, _ token: Token, in timers: inout Timers
  ) -> Bool {
    guard due == entry else { return false }
    (entry, nextEntry) = (nextEntry, .distantFuture)
    let isOver = instant <= now
    set(isOver ? .distantFuture : instant, token, in: &timers)
    return isOver
  }
}
