/// The times at which requests are due, at a steady rate, whatever happens to earlier ones: an open
/// loop.
///
/// There is one schedule for all clients. A request that becomes due while no client is free waits,
/// and its response time starts when it was due. Otherwise a server that stalls would also stop the
/// load, and no figure would show how many requests had to wait (coordinated omission).
struct Schedule {
  /// Per second.
  private let rate: Double
  private let begin: UInt64
  /// The first instant at which nothing is due anymore: a request that started then could not be
  /// answered in time.
  private let end: UInt64
  private var taken = 0

  /// - Parameters:
  ///   - begin: when the first is due, in nanoseconds.
  ///   - end: the end of the run, later than `begin`; `UInt64.max` for none.
  init(rate: Double, begin: UInt64, end: UInt64 = .max) {
    self.rate = rate
    self.begin = begin
    self.end = end
  }

  /// When the next request is due; `UInt64.max` if there is none. It is calculated from the start,
  /// so that no error accumulates.
  var next: UInt64 {
    let due = begin + UInt64(Double(taken) * 1e9 / rate)
    return due < end ? due : .max
  }

  /// Returns when the next request was due, if its time has come; it then counts as started.
  mutating func take(at now: UInt64) -> UInt64? {
    let due = next
    guard due <= now, due < .max else { return nil }
    taken += 1
    return due
  }

  /// The number of requests that became due and were not started.
  /// - Parameter limit: of all that may ever start.
  func overdue(at now: UInt64, limit: Int) -> Int {
    guard now >= begin else { return 0 }
    let due = Int(Double(min(now, end - 1) - begin) * rate / 1e9) + 1
    return max(0, min(due, limit) - taken)
  }
}
