import BenchSupport
import Common
import Glibc

/// The line that tells on a terminal how far the run has come. Anywhere else there is none.
struct Progress {
  private static let interval: UInt64 = 250_000_000
  private let begin: UInt64
  private let limit: Int
  /// When the line is due again, in nanoseconds of the monotonic clock.
  private(set) var next: UInt64
  private var hasBegun = false

  init(isOn: Bool, begin: UInt64, limit: Int) {
    self.begin = begin
    self.limit = limit
    next = isOn && Terminal.isThere ? begin + Self.interval : .max
  }

  /// - Parameter what: `requests`, or what else has been done.
  mutating func show(_ done: Int, _ what: String, failed: Int, at now: UInt64) {
    guard now >= next else { return }
    next = now + Self.interval
    // A separate line, below the first ones of the report.
    if !hasBegun { Terminal.write("\n") }
    hasBegun = true
    let total = limit == .max ? "" : " of \(limit)"
    let rate = Double(done) / (Double(now - begin) / 1e9)
    write("\(done)\(total) \(what), \(fixed(rate, 0))/s, \(failed) failed")
  }

  func clear() {
    if hasBegun { write("") }
  }

  /// Over the line that is there: carriage return, text, erase to the end of the line
  /// (console_codes(4)).
  private func write(_ text: String) { Terminal.write("\r\(text)\u{1B}[K") }
}
