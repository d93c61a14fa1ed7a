/// The times of one answered request, in nanoseconds. They add up without a gap:
/// `connect`, then `wait` until the first byte, then the rest of `total` for receiving.
struct Sample: Sendable {
  /// Since the run began.
  let start: UInt64
  /// Zero where the connection was there already.
  let connect: UInt64
  let wait: UInt64
  let total: UInt64
  /// How long after it was due it started; zero in a closed loop.
  let late: UInt64

  /// From the connection to the last byte: what ab calls processing.
  var processing: UInt64 { total - connect }
  /// From when it was due to the last byte: what a user would have seen.
  var response: UInt64 { late + total }
}
