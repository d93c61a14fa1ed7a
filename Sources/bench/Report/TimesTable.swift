import BenchSupport

/// ab's table of times: a row for each kind, in milliseconds, and warnings about rows whose mean
/// says little.
struct TimesTable {
  struct Row {
    /// With its colon.
    let label: String
    /// The name in a warning.
    let name: String
    let times: Distribution

    /// - Parameter name: `nil` if it is the label in lower case.
    init(_ label: String, _ times: Distribution, name: String? = nil) {
      self.label = label + ":"
      self.name = name ?? label.lowercased()
      self.times = times
    }
  }

  let rows: [Row]

  var lines: [String] {
    // "mean[+/-sd]" is one word over two columns, as in ab.
    let header = line("", ["min", "", "mean[+/-sd]", "median", "max"])
    return ["", "Connection Times (ms)", header] + rows.map(fullLine) + rows.flatMap(doubts)
  }

  /// Without the median and the deviation.
  var shortLines: [String] {
    ["", "Connection Times (ms)", line("", ["min", "avg", "max"])]
      + rows.map { row in
        line(
          row.label,
          [milliseconds(row.times.min), mean(row.times), milliseconds(row.times.max)])
      }
  }

  private func fullLine(_ row: Row) -> String {
    let times = row.times
    return line(
      row.label,
      [
        milliseconds(times.min), mean(times), fixed(times.standardDeviation / 1e6, 3),
        milliseconds(times.median), milliseconds(times.max),
      ])
  }

  private func line(_ label: String, _ cells: [String]) -> String {
    label.rightPadded(11) + cells.map { " " + $0.leftPadded(11) }.joined()
  }

  private func mean(_ times: Distribution) -> String { fixed(times.mean / 1e6, 3) }

  /// ab's words if mean and median are further apart than the deviation explains.
  private func doubts(_ row: Row) -> [String] {
    let distance = (row.times.mean - Double(row.times.median)).magnitude
    if distance > 2 * row.times.standardDeviation {
      return [
        "ERROR: The median and mean for the \(row.name) time are more than twice the standard",
        "       deviation apart. These results are NOT reliable.",
      ]
    }
    if distance > row.times.standardDeviation {
      return [
        "WARNING: The median and mean for the \(row.name) time are not within a normal deviation",
        "        These results are probably not that reliable.",
      ]
    }
    return []
  }
}
