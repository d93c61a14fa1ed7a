import BenchSupport
import Common
import Glibc

/// `--live`: the state of the run, redrawn four times a second on a terminal: rate, percentiles, a
/// histogram.
struct LiveView {
  private static let interval: UInt64 = 250_000_000
  /// Columns of a histogram's row around its bar: "   < 1.05 ms  " and " 100.0 %".
  private static let columnsBesideBar = 21

  private let begin: UInt64
  private let limit: Int
  /// When it is due again, in nanoseconds of the monotonic clock; never if it is off.
  private(set) var next = UInt64.max
  private var last: (done: Int, time: UInt64)
  private var linesBelow = 0

  init(isOn: Bool, begin: UInt64, limit: Int) {
    self.begin = begin
    self.limit = limit
    last = (0, begin)
    guard isOn else { return }
    if Terminal.isThere {
      next = begin + Self.interval
    } else {
      printError("bench: --live: standard error is not a terminal")
    }
  }

  mutating func show(_ tally: Tally, _ times: Histogram?, at now: UInt64) {
    guard now >= next, let times else { return }
    next = now + Self.interval
    let lines = lines(tally, times, at: now, fitting: Terminal.size)
    last = (tally.complete, now)
    write(lines.map { "\($0)\n" }.joined())
    linesBelow = lines.count
  }

  func clear() { if linesBelow > 0 { write("") } }

  /// - Parameter size: columns and rows of the terminal. A line is never longer, and there is one
  ///   row for the cursor.
  func lines(
    _ tally: Tally, _ times: Histogram, at now: UInt64, fitting size: (columns: Int, rows: Int)
  ) -> [String] {
    func rate(_ done: Int, since: UInt64) -> String {
      grouped(Int(Double(done) / (Double(max(now - since, 1)) / 1e9)))
    }
    let total = limit == .max ? "" : " of \(grouped(limit))"
    let distribution = Distribution(times)
    let percentiles = [("p50", 500), ("p90", 900), ("p99", 990), ("p99.9", 999), ("max", 1000)]
      .map { "\($0.0) \(shortTime(Double(distribution.quantile(perMille: $0.1))))" }
    let header = [
      "\(grouped(tally.complete))\(total) requests, \(grouped(tally.failed)) failed, "
        + "\(shortTime(Double(now - begin)))",
      "\(rate(tally.complete - last.done, since: last.time))/s now, "
        + "\(rate(tally.complete, since: begin))/s on average",
      percentiles.joined(separator: "   "), "",
    ]
    // The slowest rows are the last ones, and the last to be omitted.
    let rows = bars(times, width: max(1, min(40, size.columns - Self.columnsBesideBar)))
      .suffix(max(0, size.rows - 1 - header.count))
    return (header + rows).prefix(max(1, size.rows - 1)).map { String($0.prefix(size.columns)) }
  }

  /// A bar for every range of times, each range twice as long as the one before, from the first to
  /// the last in use.
  private func bars(_ times: Histogram, width: Int) -> [String] {
    var counts: [Int: Int] = [:]
    for bucket in times.buckets {
      counts[UInt64.bitWidth - bucket.value.leadingZeroBitCount, default: 0] += bucket.count
    }
    guard let first = counts.keys.min(), let last = counts.keys.max() else { return [] }
    let highest = counts.values.max() ?? 1
    return (first...last).map { power in
      let count = counts[power] ?? 0
      let eighths = count * width * 8 / highest
      let part = eighths % 8 == 0 ? "" : String(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1])
      let label = "< " + shortTime(pow(2, Double(power)))
      let bar = String(repeating: "█", count: eighths / 8) + part
      return
        "\(label.leftPadded(11))  \(bar) \(fixed(Double(count) * 100 / Double(times.count), 1)) %"
    }
  }

  /// Overwrites the previous lines: up, and erase to the end of the screen (console_codes(4)). The
  /// first time it is drawn below the first lines of the report.
  private func write(_ text: String) {
    Terminal.write(linesBelow > 0 ? "\r\u{1B}[\(linesBelow)A\u{1B}[J\(text)" : "\n\(text)")
  }
}
