/// When things are due that shall begin at a steady rate, whatever became of those before.
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
}
