import BenchSupport
import CommandLineOptions

/// `bench compare`: repeated runs of several configurations, in a table like benchstat's.
///
/// Each run counts once. Requests of different runs are never pooled, because those of one run
/// resemble each other.
package struct Comparison {
  private static let mostRuns = 100
  /// Above this p, a change may be due to chance.
  private static let level = 0.05

  package static let help = """
    bench compare FILE.json...

    Compares repeated runs that --json wrote. Files whose names differ only in the number at their
    end are runs of one group: old-1.json and old-2.json, or old/1.json and old/2.json. The first
    group is the base. Each figure is the median, ± half the distance from the smallest to the largest.
    ~ marks a change that may be chance (Mann-Whitney U test, p > 0.05); with four runs of each group
    p can be 0.029, with three it cannot be below 0.1.

      -h  print this help
    """

  private var groups: [RunGroup] = []
  package private(set) var asksForHelp = false

  /// Reads the files.
  /// - Throws: a ``UsageError`` if a file is missing, is not what `--json` writes, is given twice,
  ///   or is a run of another kind than those before.
  package init(_ arguments: [String]) throws(UsageError) {
    let options = [
      CommandLineOption("-h", "print this help", \Comparison.asksForHelp, true)
        .alsoCalled("--help")
    ]
    let paths: [String]
    do {
      paths = try options.parseWithOperands(arguments, into: &self).operands
    } catch {
      throw UsageError("compare: \(error)")
    }
    if asksForHelp { return }
    guard !paths.isEmpty else { throw UsageError("compare: no files") }
    for (index, path) in paths.enumerated() {
      if paths[..<index].contains(path) { throw UsageError("compare: \(path) is given twice") }
      try add(path)
    }
  }

  private mutating func add(_ path: String) throws(UsageError) {
    let run = try RunFigures.read(path)
    if let kind = groups.first?.runs.first?.kind, kind != run.kind {
      throw UsageError("compare: \(path) is a run of \(run.kind), and those before are of \(kind)")
    }
    let name = RunGroup.name(of: path)
    let index = groups.firstIndex { $0.name == name } ?? groups.endIndex
    if index == groups.endIndex { groups.append(RunGroup(name: name)) }
    groups[index].runs.append(run)
    if groups[index].runs.count > Self.mostRuns {
      throw UsageError("compare: more than \(Self.mostRuns) runs of \(name)")
    }
  }

  package var lines: [String] {
    let titles = groups.map { "\(title($0)) (\($0.runs.count))" }
    var table = [[""] + titles.interleaved(with: "change")]
    if groups.contains(where: { !$0.servers.isEmpty }) {
      table.append(["server"] + groups.map(\.serverNames).interleaved(with: ""))
    }
    for (name, value) in RunFigures.metrics {
      let columns = groups.map { $0.runs.compactMap(value) }
      guard let base = columns.first, columns.allSatisfy({ !$0.isEmpty }) else { continue }
      var row = [name, Self.summary(base)]
      for other in columns.dropFirst() {
        row += [Self.summary(other), Self.change(from: base, to: other)]
      }
      table.append(row)
    }
    return Self.aligned(table) + [Self.legend] + doubts
  }

  private static let legend =
    "(n): runs of a group, whose files differ only in the number at the end of their names"

  /// The paths without the folder that all groups share.
  private func title(_ group: RunGroup) -> String {
    let shared = groups.dropFirst().reduce(groups[0].name) { $0.commonPrefix(with: $1.name) }
    let folder = shared.lastIndex(of: "/").map { shared[...$0].count } ?? 0
    return String(group.name.dropFirst(groups.count > 1 ? folder : 0))
  }

  /// The median, and half the distance between the smallest and the largest figure, which a single
  /// run does not have.
  private static func summary(_ values: [Double]) -> String {
    let median = median(values)
    let text = fixed(median, median < 1000 ? 3 : 0)
    guard values.count > 1, let low = values.min(), let high = values.max() else { return text }
    let percent = median == 0 ? 0 : (high - low) / 2 / median * 100
    return "\(text) ± \(fixed(percent, 1)) %"
  }

  /// The size of the change, and how likely it is to be chance; `~` if that is likely.
  private static func change(from base: [Double], to other: [Double]) -> String {
    let p = MannWhitney(base, other).p
    let doubt = p > level ? "~ " : ""
    guard median(base) != 0 else { return "\(doubt)(p=\(fixed(p, 3)))" }
    let percent = (median(other) / median(base) - 1) * 100
    return "\(doubt)\(percent < 0 ? "" : "+")\(fixed(percent, 2)) % (p=\(fixed(p, 3)))"
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// What a reader must know before trusting the table.
  private var doubts: [String] {
    groups.flatMap { group in group.doubts.map { "\(title(group)): \($0)" } }
      + groups.dropFirst().filter(hasTooFewRuns).map {
        "\(title($0)): too few runs to tell a difference; four of each group are enough"
      }
  }

  /// Whether even the largest difference could be chance.
  private func hasTooFewRuns(_ group: RunGroup) -> Bool {
    let base = groups[0].runs.indices.map(Double.init)
    let above = group.runs.indices.map { Double(base.count + $0) }
    return MannWhitney(base, above).p > Self.level
  }

  private static func aligned(_ table: [[String]]) -> [String] {
    let widths = (table.first ?? []).indices.map { column in
      table.map { $0[column].count }.max() ?? 0
    }
    return table.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        column == 0 ? cell.0.rightPadded(cell.1) : cell.0.leftPadded(cell.1)
      }
      return cells.joined(separator: "  ")
    }
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}

extension [String] {
  /// `text` after every one but the first.
  fileprivate func interleaved(with text: String) -> [String] {
    Array(prefix(1)) + dropFirst().flatMap { [$0, text] }
  }
}
