import BenchSupport
import Glibc

/// `-e`: how long the fastest requests took, for each percentage.
func writePercentiles(_ total: Distribution, to file: OutputFile) {
  file.write("Percentage served,Time in ms\n")
  for percent in 0...100 {
    file.write("\(percent),\(milliseconds(total.percentile(percent)))\n")
  }
}

/// `--hdr`: the percentiles in the format of HdrHistogram, which its plotter reads; times are
/// milliseconds. Five lines for each half of what is left to 100 %.
func writeHistogram(_ times: Distribution, to file: OutputFile) {
  func write(_ cells: String...) {
    let widths = [12, 14, 10, 14]
    file.write(zip(cells, widths).map { $0.leftPadded($1) }.joined(separator: " ") + "\n")
  }
  write("Value", "Percentile", "TotalCount", "1/(1-Percentile)")
  file.write("\n")
  var share = 0.0
  var left = 1.0
  while case let step = times.step(at: share), step.count < times.count {
    write(milliseconds(step.value), fixed(share, 12), "\(step.count)", fixed(1 / (1 - share), 2))
    share += left / 10
    if share >= 1 - left / 2 - 1e-12 {
      left /= 2
      share = 1 - left
    }
  }
  write(milliseconds(times.max), fixed(1, 12), "\(times.count)")
  let deviation = fixed(times.standardDeviation / 1e6, 3)
  file.write("#[Mean = \(fixed(times.mean / 1e6, 3)), StdDeviation = \(deviation)]\n")
  file.write("#[Max = \(milliseconds(times.max)), Total count = \(times.count)]\n")
}

/// `--csv`: a line per answered request in order of time; microseconds, to the nanosecond.
func writeCSV(_ result: RunResult, to file: OutputFile) {
  file.write("start_us,connect_us,wait_us,total_us,late_us\n")
  for sample in result.samples.sorted(by: { $0.start < $1.start }) {
    let times = [sample.start, sample.connect, sample.wait, sample.total, sample.late]
    file.write(times.map { fixed(Double($0) / 1e3, 3) }.joined(separator: ",") + "\n")
  }
}

/// `-g`: ab's six columns in ab's unit, milliseconds, a line per answered request. Unlike in ab's
/// file, the lines are in order of time and the numbers have decimals, so that a timeline can be
/// drawn.
func writeRequests(_ result: RunResult, to file: OutputFile) {
  file.write("starttime\tseconds\tctime\tdtime\tttime\twait\n")
  for sample in result.samples.sorted(by: { $0.start < $1.start }) {
    let start = microseconds(result.wallClockBegin + sample.start)
    let columns = [
      calendarTime(start / 1_000_000), fixed(Double(start) / 1e6, 6),
      milliseconds(sample.connect), milliseconds(sample.processing),
      milliseconds(sample.total), milliseconds(sample.wait),
    ]
    file.write(columns.joined(separator: "\t") + "\n")
  }
}

/// The date as ctime(3) writes it: five words, so that the columns that scripts count keep their
/// numbers.
private func calendarTime(_ seconds: UInt64) -> String {
  var time = time_t(seconds)
  var parts = tm()
  localtime_r(&time, &parts)
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
    strftime(text.baseAddress!, text.count, "%a %b %e %H:%M:%S %Y", &parts)
    return String(cString: text.baseAddress!)
  }
}
