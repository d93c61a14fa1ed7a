// snippet: deadline
/// The end of a wait, and the entries of the timer heap that watch over it.
///
/// If the deadline moves to a later time, its entry stays in the heap, and is inserted again at the
/// right place when its old time comes. So no entry ever has to be taken out of the middle of the
/// heap, a busy keep-alive connection costs no heap operation at all, and a client has one or two
/// entries, however often it waits.
public struct Deadline: Sendable {
  private var instant = Instant.distantFuture
  /// The first entry: the deadline, rounded up to tenths of a millisecond.
  private var entry = Instant.distantFuture
  /// How many tenths of a millisecond later the next entry comes, left over from a longer wait;
  /// `max`, almost five days, counts as never. A client that waits for a fast backend and for a
  /// slow peer in turn needs both, again and again.
  private var gap = UInt32.max
  private static let tenth: UInt64 = 100_000

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
    let due = instant + (Self.tenth - instant.nanoseconds % Self.tenth) % Self.tenth
    guard due < entry else { return }  // The same deadline again, before it was rounded up.
    timers.insert(due, token)
    gap = UInt32(clamping: (entry.nanoseconds - due.nanoseconds) / Self.tenth)
    entry = due
  }

  /// Handles an entry that was due at `due`. Returns whether the deadline has passed; false if
  /// another entry watches over it, or if it was moved.
  public mutating func hasExpired(
    _ due: Instant, at now: Instant, _ token: Token, in timers: inout Timers
  ) -> Bool {
    guard due == entry else { return false }
    entry = gap == .max ? .distantFuture : entry + UInt64(gap) * Self.tenth
    gap = .max
    let hasExpired = instant <= now
    set(hasExpired ? .distantFuture : instant, token, in: &timers)
    return hasExpired
  }
}
// snippet: end
