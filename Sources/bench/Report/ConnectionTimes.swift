/// The table "Connection Times (ms)" and the warnings that belong to it.
extension TextReport {
  /// With `-S` the table is ab's old one: no deviation, no median, no row for the waiting.
  var connectionTimes: [String] {
    let title = ["", "Connection Times (ms)"]
    guard options.showsDeviation else {
      return title + [row("", ["min", "avg", "max"])]
        + rows.filter { $0.label != "Waiting:" }.map { label, times in
          row(label, [milliseconds(times.min), mean(times), milliseconds(times.max)])
        }
    }
    // "mean[+/-sd]" is one word over two columns, as in ab.
    let header = row("", ["min", "", "mean[+/-sd]", "median", "max"])
    return title + [header] + rows.map(fullRow) + rows.flatMap(doubts)
  }

  private var rows: [(label: String, times: Distribution)] {
    [
      ("Connect:", times.connect), ("Processing:", times.processing),
      ("Waiting:", times.waiting), ("Total:", times.total),
    ]
  }

  /// What qualifies the whole report, as its last lines.
  var warnings: [String] {
    guard result.cpuShare > RunResult.highestCPUShare else { return [] }
    return [
      "",
      "WARNING: bench itself used \(fixed(result.cpuShare * 100, 0)) % of a core: the client is the limit.",
    ]
  }

  private func fullRow(_ label: String, _ times: Distribution) -> String {
    row(
      label,
      [
        milliseconds(times.min), mean(times), fixed(times.standardDeviation / 1e6, 3),
        milliseconds(times.median), milliseconds(times.max),
      ])
  }

  private func row(_ label: String, _ cells: [String]) -> String {
    label.rightPadded(11) + cells.map { " " + $0.leftPadded(11) }.joined()
  }

  private func mean(_ times: Distribution) -> String { fixed(times.mean / 1e6, 3) }

  /// ab's words where mean and median lie further apart than the deviation explains.
  private func doubts(_ label: String, _ times: Distribution) -> [String] {
    let name = label == "Connect:" ? "initial connection" : label.dropLast().lowercased()
    let distance = (times.mean - Double(times.median)).magnitude
    if distance > 2 * times.standardDeviation {
      return [
        "ERROR: The median and mean for the \(name) time are more than twice the standard",
        "       deviation apart. These results are NOT reliable.",
      ]
    }
    if distance > times.standardDeviation {
      return [
        "WARNING: The median and mean for the \(name) time are not within a normal deviation",
        "        These results are probably not that reliable.",
      ]
    }
    return []
  }
}
