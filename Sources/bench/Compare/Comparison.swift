import Common

/// `bench compare`: repeated runs of several configurations, in a table as benchstat's.
///
/// A file belongs to the group that its path names without its number: `old-1.json` and `old-2.json`, or
/// `old/1.json` and `old/2.json`, are two runs of `old`. The first group is what the others are compared with.
/// Each run counts once: requests of different runs are never pooled, because those of one run are alike.
struct Comparison {
  private static let mostRuns = 100
  /// Above this nothing is said to be a difference.
  private static let level = 0.05

  private struct Group {
    let name: String
    var runs: [RunFigures] = []
  }

  private var groups: [Group] = []

  /// Throws where a file is missing or is none of ours, or where the runs are not of one kind.
  init(_ paths: [String]) throws(UsageError) {
    guard !paths.isEmpty else { throw UsageError("compare: no files") }
    for path in paths {
      let run = try RunFigures.read(path)
      if let kind = groups.first?.runs.first?.kind, kind != run.kind {
        throw UsageError(
          "compare: \(path) is a run of \(run.kind), and those before are of \(kind)")
      }
      let name = Self.groupName(path)
      if !groups.contains(where: { $0.name == name }) { groups.append(Group(name: name)) }
      for index in groups.indices where groups[index].name == name {
        groups[index].runs.append(run)
      }
    }
    for group in groups where group.runs.count > Self.mostRuns {
      throw UsageError("compare: more than \(Self.mostRuns) runs of \(group.name)")
    }
  }

  static func groupName(_ path: String) -> String {
    var name = path[...]
    if name.hasSuffix(".json") { name = name.dropLast(5) }
    while let last = name.last, last.isNumber { name = name.dropLast() }
    while name.count > 1, let last = name.last, "-_./ ".contains(last) { name = name.dropLast() }
    return name.isEmpty ? path : String(name)
  }

  var lines: [String] {
    let titles = groups.map { "\($0.name.dropFirst(sharedFolder.count)) (\($0.runs.count))" }
    var table = [[""] + titles.interleaved(with: "change")]
    for (name, value) in RunFigures.metrics {
      let columns = groups.map { $0.runs.compactMap(value) }
      guard let base = columns.first, columns.allSatisfy({ !$0.isEmpty }) else { continue }
      var row = [name, Self.summary(base)]
      for other in columns.dropFirst() {
        row += [Self.summary(other), Self.change(from: base, to: other)]
      }
      table.append(row)
    }
    return Self.aligned(table) + doubts
  }

  /// What the names of all groups begin with, up to a slash: it tells nothing.
  private var sharedFolder: String {
    let shared = groups.dropFirst().reduce(groups[0].name) { $0.commonPrefix(with: $1.name) }
    return shared.lastIndex(of: "/").map { String(shared[...$0]) } ?? ""
  }

  /// The median, and half the distance between the smallest and the largest.
  private static func summary(_ values: [Double]) -> String {
    let median = median(values)
    let spread = ((values.max() ?? 0) - (values.min() ?? 0)) / 2
    let percent = median == 0 ? 0 : spread / median * 100
    return "\(fixed(median, median < 1000 ? 3 : 0)) ± \(fixed(percent, 1)) %"
  }

  /// `~`: no difference that could not be chance.
  private static func change(from base: [Double], to other: [Double]) -> String {
    let test = MannWhitney(base, other)
    let p = "(p=\(fixed(test.p, 3)))"
    guard test.p <= level, median(base) != 0 else { return "~ \(p)" }
    let percent = (median(other) / median(base) - 1) * 100
    return "\(percent < 0 ? "" : "+")\(fixed(percent, 2)) % \(p)"
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// Where even the clearest difference would be called chance.
  private var doubts: [String] {
    guard let base = groups.first?.runs.count else { return [] }
    let ascending = (0..<base).map(Double.init)
    return groups.dropFirst().compactMap { group in
      let above = group.runs.indices.map { Double(base + $0) }
      let best = MannWhitney(ascending, above).p
      guard best > Self.level else { return nil }
      return
        "\(group.name.dropFirst(sharedFolder.count)): too few runs to tell a difference; with four of each there are enough"
    }
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
  /// `text` behind every one but the first.
  fileprivate func interleaved(with text: String) -> [String] {
    Array(prefix(1)) + dropFirst().flatMap { [$0, text] }
  }
}
