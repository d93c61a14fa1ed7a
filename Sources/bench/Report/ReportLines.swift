import BenchSupport

// The parts of the reports of all kinds of load.

/// Labels are 24 columns wide, as in ab.
func reportLine(_ label: String, _ value: String) -> String {
  "\(label):".rightPadded(24) + value
}

/// ab's percentiles under their title.
func percentileLines(_ title: String, _ times: Distribution, longest: String) -> [String] {
  let steps = [50, 66, 75, 80, 90, 95, 98, 99].map { percent in
    "  \(percent)%  \(milliseconds(times.percentile(percent)).leftPadded(10))"
  }
  return ["", title] + steps + [" 100%  \(milliseconds(times.max).leftPadded(10)) (\(longest))"]
}

/// Warnings about the whole report, printed as its last lines.
func warnings(_ effort: Effort) -> [String] {
  guard effort.isTheLimit else { return [] }
  return [
    "",
    "WARNING: bench itself used \(fixed(effort.cpuShare * 100, 0)) % of a core: the client is the limit.",
  ]
}
