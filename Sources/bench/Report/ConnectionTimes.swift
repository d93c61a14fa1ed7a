/// The table "Connection Times (ms)" and the warnings that belong to it.
extension TextReport {
  /// With `-S` the table is ab's old one: no deviation, no median.
  var connectionTimes: [String] {
    let rows = [
      ("Connect:", times.connect), ("Processing:", times.processing),
      ("Waiting:", times.waiting), ("Total:", times.total),
    ]
    guard options.showsDeviation else {
      return ["", "Connection Times (ms)", header(["min", "avg", "max"])]
        + rows.filter { $0.0 != "Waiting:" }.map { label, times in
          row(
            label, [milliseconds(times.min), inMilliseconds(times.mean), milliseconds(times.max)])
        }
    }
    // "mean[+/-sd]" is one word over two columns, as in ab.
    return [
      "", "Connection Times (ms)",
      header(["min", "", "mean[+/-sd]", "median", "max"]),
    ]
      + rows.map { label, times in
        row(
          label,
          [
            milliseconds(times.min), inMilliseconds(times.mean),
            inMilliseconds(times.standardDeviation), milliseconds(times.median),
            milliseconds(times.max),
          ])
      } + rows.flatMap(doubts)
  }

  /// What qualifies the whole report, as its last lines.
  var warnings: [String] {
    guard result.cpuShare > RunResult.highestCPUShare else { return [] }
    return [
      "",
      "WARNING: bench itself used \(fixed(result.cpuShare * 100, 0)) % of a core: the client is the limit.",
    ]
  }

  private func header(_ names: [String]) -> String { row("", names) }

  private func row(_ label: String, _ cells: [String]) -> String {
    label.rightPadded(11) + cells.map { " " + $0.leftPadded(11) }.joined()
  }

  private func inMilliseconds(_ nanoseconds: Double) -> String { fixed(nanoseconds / 1e6, 3) }

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
