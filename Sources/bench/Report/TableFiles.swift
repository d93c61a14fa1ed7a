import Glibc

/// `-e`: how long the fastest so many percent took.
func writePercentiles(_ total: Distribution, to file: borrowing OutputFile) {
  file.write("Percentage served,Time in ms\n")
  for percent in 0...100 {
    file.write("\(percent),\(milliseconds(total.percentile(percent)))\n")
  }
}

/// `-g`: ab's six columns, a line per answered request. Unlike ab's, the lines are in order of time, and the
/// times are microseconds, in `seconds` as its decimals: a timeline can be drawn.
func writeRequests(_ result: RunResult, to file: borrowing OutputFile) {
  file.write("starttime\tseconds\tctime\tdtime\tttime\twait\n")
  for sample in result.samples.sorted(by: { $0.start < $1.start }) {
    let start = microseconds(result.wallClockBegin + sample.start)
    let columns = [
      calendarTime(start / 1_000_000), fixed(Double(start) / 1e6, 6),
      "\(microseconds(sample.connect))", "\(microseconds(sample.processing))",
      "\(microseconds(sample.total))", "\(microseconds(sample.wait))",
    ]
    file.write(columns.joined(separator: "\t") + "\n")
  }
}

/// As ctime(3) writes it: five words, so that the columns that scripts count stay where they are.
private func calendarTime(_ seconds: UInt64) -> String {
  var time = time_t(seconds)
  var parts = tm()
  localtime_r(&time, &parts)
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
    strftime(text.baseAddress!, text.count, "%a %b %e %H:%M:%S %Y", &parts)
    return String(cString: text.baseAddress!)
  }
}
