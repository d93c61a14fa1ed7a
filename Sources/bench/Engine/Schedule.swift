/// When things are due that shall begin at a steady rate, whatever became of those before: an open loop.
///
/// There is one schedule for all clients. What is due while none of them is free waits, and its response time begins
/// when it was due: otherwise a server that stalls would also stop the questions, and nobody would see how many had
/// to wait (the coordinated omission).
struct Schedule {
  /// Per second.
  private let rate: Double
  private let begin: UInt64
  private var taken = 0

  /// - Parameter begin: when the first is due, in nanoseconds.
  init(rate: Double, begin: UInt64) {
    self.rate = rate
    self.begin = begin
  }

  /// When the next is due. It is reckoned from the beginning, so nothing adds up.
  var next: UInt64 { begin + UInt64(Double(taken) * 1e9 / rate) }

  /// When the next was due, if its time has come; it counts as begun then.
  mutating func take(at now: UInt64) -> UInt64? {
    let due = next
    guard due <= now else { return nil }
    taken += 1
    return due
  }

  /// How many have come due and have not begun.
  /// - Parameter limit: of all that shall ever begin.
  func overdue(at now: UInt64, limit: Int) -> Int {
    guard now >= begin else { return 0 }
    let due = Int(Double(now - begin) * rate / 1e9) + 1
    return max(0, min(due, limit) - taken)
  }
}
