/// The lines that differ between two texts, with some unchanged ones around them.
struct LineDifference {
  private enum Line {
    case same(Substring)
    case removed(Substring)
    case added(Substring)

    var isSame: Bool { if case .same = self { true } else { false } }
  }

  /// The number of unchanged lines shown before and after a change.
  private static let context = 3

  private var lines: [Line] = []

  init(from before: String, to after: String) {
    let (old, new) = (Self.lines(before), Self.lines(after))
    let changes = new.difference(from: old)
    var removed = Set<Int>()
    var added = Set<Int>()
    for case .remove(let offset, _, _) in changes { removed.insert(offset) }
    for case .insert(let offset, _, _) in changes { added.insert(offset) }
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if removed.contains(i) {
        lines.append(.removed(old[i]))
        i += 1
      } else if added.contains(j) {
        lines.append(.added(new[j]))
        j += 1
      } else {
        lines.append(.same(new[j]))
        (i, j) = (i + 1, j + 1)
      }
    }
  }

  var isEmpty: Bool { lines.allSatisfy(\.isSame) }

  func text(_ style: Style) -> String {
    let changed = lines.indices.filter { !lines[$0].isSame }
    var output: [String] = []
    var end = 0
    for index in lines.indices {
      let isNear = changed.contains { abs($0 - index) <= Self.context }
      if !isNear { continue }
      if index > end { output.append(style.faint("  …")) }
      output.append(shown(lines[index], style))
      end = index + 1
    }
    return output.joined(separator: "\n")
  }

  private func shown(_ line: Line, _ style: Style) -> String {
    switch line {
    case .same(let text): style.faint("  \(text)")
    case .removed(let text): style.bad("- \(text)")
    case .added(let text): style.good("+ \(text)")
    }
  }

  private static func lines(_ text: String) -> [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.last == "" ? lines.dropLast() : lines
  }
}
