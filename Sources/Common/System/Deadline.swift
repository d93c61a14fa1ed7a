// snippet: deadline
/// When a wait ends, and the entry of the timer heap that watches over it.
///
/// An entry cannot be taken out of the middle of a heap, and need not be: if the deadline moves on,
/// the entry stays and is put back at the right place when its old time comes. So a busy keep-alive
/// connection costs no heap operation at all, and there are one or two entries per client, however
/// often it waits.
public struct Deadline: Sendable {
  private var instant = Instant.distantFuture
  private var entry = Instant.distantFuture
  /// The entry after that, which a longer wait has left. A client that waits in turn for a fast
  /// backend and for a slow peer needs both, again and again.
  private var nextEntry = Instant.distantFuture

  public init() {}

  /// Moves the deadline; adds an entry to `timers` if none comes up by then.
  /// - Parameter token: says whose deadline it is when the entry comes up.
  @inline(__always)
  public mutating func set(_ instant: Instant, _ token: Token, in timers: inout Timers) {
    self.instant = instant
    if instant < entry { insert(token, in: &timers) }
  }

  @inline(never)
  private mutating func insert(_ token: Token, in timers: inout Timers) {
    timers.insert(instant, token)
    (entry, nextEntry) = (instant, entry)
  }

  /// An entry has come up, `due` at that time. Returns false if another entry watches over the
  /// deadline, or if it has moved on.
  public mutating func hasExpired(
    _ due: Instant, at now: Instant, _ token: Token, in timers: inout Timers
  ) -> Bool {
    guard due == entry else { return false }
    (entry, nextEntry) = (nextEntry, .distantFuture)
    let hasExpired = instant <= now
    set(hasExpired ? .distantFuture : instant, token, in: &timers)
    return hasExpired
  }
}
// snippet: end
