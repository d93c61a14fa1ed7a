extension Verdict {
  /// Guess, model and measurement side by side, and below each row what there is to learn from it.
  func table(_ comparisons: [CheckReport.Comparison], _ style: Style) -> [String] {
    let rows = comparisons.map { [$0.question, $0.guess, $0.model, $0.measured] }
    let all = [["", "your guess", "the model", "measured"]] + rows
    let widths = (0..<3).map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) + "   " }
        .joined() + row[3]
    }
    var output = ["  " + style.faint(lines[0])]
    for (comparison, line) in zip(comparisons, lines.dropFirst()) {
      output.append((comparison.misconception == nil ? style.good("✓ ") : style.bad("✗ ")) + line)
    }
    for comparison in comparisons {
      output += ["", style.strong(comparison.question)]
      output += comparison.misconception.map { wrapped($0) } ?? []
      output += wrapped(comparison.reason)
    }
    return output
  }
}
