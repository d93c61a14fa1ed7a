/// The outcome of a check.
enum Verdict {
  case passed(CheckReport)
  /// A prediction, next to the measurement.
  case compared([CheckReport.Comparison])
  case failed(CheckReport, CheckReport.Failure, printed: String)
  case doesNotCompile(String)
  case forbidden(_ word: String)

  var isPassed: Bool {
    switch self {
    case .passed: true
    case .compared(let comparisons): comparisons.allSatisfy { $0.misconception == nil }
    default: false
    }
  }

  /// For the learner, on a terminal.
  func text(_ style: Style) -> String {
    switch self {
    case .passed(let report): list(report, style).joined(separator: "\n")
    case .compared(let comparisons): table(comparisons, style).joined(separator: "\n")
    case .failed(let report, let failure, let printed):
      (list(report, style) + lines(failure, style) + output(printed, style))
        .joined(separator: "\n")
    case .doesNotCompile(let errors): style.bad("It does not compile.") + "\n\n" + errors
    case .forbidden(let word):
      style.bad("Your file uses '\(word)', but this exercise is about doing without it.")
    }
  }

  /// The parts that passed, the one that did not, and those that were not reached.
  private func list(_ report: CheckReport, _ style: Style) -> [String] {
    report.parts.map { title in
      if let step = report.later[title] { return style.faint("· \(title) (not yet: \(step))") }
      if report.passed.contains(title) { return style.good("✓ ") + title }
      return title == report.current && !report.isDone
        ? style.bad("✗ ") + style.strong(title) : style.faint("· " + title)
    }
  }

  private func lines(_ failure: CheckReport.Failure, _ style: Style) -> [String] {
    var lines = ["", style.bad(failure.problem)]
    lines += failure.explanation.flatMap { wrapped($0) }
    if !(failure.expected + failure.happened).isEmpty { lines.append("") }
    lines += labelled("expected", failure.expected, style)
    lines += labelled("happened", failure.happened, style)
    if !failure.items.isEmpty { lines += ["", failure.heading] }
    return lines + failure.items.map { "    " + $0 }
  }

  private func labelled(_ label: String, _ lines: [String], _ style: Style) -> [String] {
    let space = String(repeating: " ", count: label.count)
    return lines.enumerated().map { index, line in
      "  " + style.faint(index == 0 ? label : space) + "  " + line
    }
  }

  private func output(_ printed: String, _ style: Style) -> [String] {
    let lines = visible(printed).split(separator: "\n").filter { !$0.contains("Fatal error: ") }
    if lines.isEmpty { return [] }
    let shown = lines.suffix(10)
    let title = "what your code printed" + (shown.count < lines.count ? ", its end" : "")
    return ["", title + ":"] + shown.map { "    " + style.faint(String($0.prefix(200))) }
  }
}
