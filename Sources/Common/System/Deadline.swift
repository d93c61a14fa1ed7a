// snippet: deadline
/// The end of a wait, and the entries of the timer heap that watch over it.
///
/// If the deadline moves to a later time, its entry stays in the heap, and is inserted again at the
/// right place when its old time comes. So no entry ever has to be taken out of the middle of the
/// heap, a busy keep-alive connection costs no heap operation at all, and a client has one or two
/// entries, however often it waits.
public struct Deadline: Sendable {
  private var instant = Instant.distantFuture
  private var entry = Instant.distantFuture
  /// The next entry, left over from a longer wait. A client that waits for a fast backend and for a
  /// slow peer in turn needs both, again and again.
  private var nextEntry = Instant.distantFuture

  public init() {}

  /// Moves the deadline; adds an entry to `timers` if none is due by then.
  /// - Parameter token: identifies the owner of the deadline when the entry is due.
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

  /// Handles an entry that was due at `due`. Returns whether the deadline has passed; false if
  /// another entry watches over it, or if it was moved.
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
