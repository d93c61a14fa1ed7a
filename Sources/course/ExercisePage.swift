import Foundation

/// The parts of an `exercise.md`: a title, a list of `- key: value`, the task, and sections that begin with `## NAME`.
struct ExercisePage {
  private let lines: [Substring]

  init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// `# 1.1 TITLE`
  func title(after number: String) -> String? {
    let start = "# \(number) "
    return lines.first.flatMap { $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : nil }
  }

  subscript(key: String) -> String? {
    let start = "- \(key): "
    return head.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
  }

  func list(_ key: String) -> [String] {
    self[key]?.split(separator: ", ").map(String.init) ?? []
  }

  /// Where a link leads, from the root of the repository.
  func link(_ key: String) -> String? {
    self[key]?.firstMatch(of: /\]\((?:\.\.\/\.\.\/)?([^)]+)\)/).map { String($0.output.1) }
  }

  var task: String {
    joined(lines.dropFirst(head.count).prefix { !$0.hasPrefix("## ") })
  }

  func section(_ name: String) -> String? {
    guard let start = lines.firstIndex(of: "## \(name)") else { return nil }
    return joined(lines[(start + 1)...].prefix { !$0.hasPrefix("## ") })
  }

  /// All sections whose heading begins like this, by the rest of it.
  func sections(after start: String) -> [(name: String, text: String)] {
    let headings = lines.filter { $0.hasPrefix("## \(start)") }.map { $0.dropFirst(3) }
    return headings.map {
      (String($0.dropFirst(start.count)), section(String($0)) ?? "")
    }
  }

  /// The title and the list below it.
  private var head: ArraySlice<Substring> {
    let list = lines.dropFirst().drop { $0.isEmpty }.prefix { $0.hasPrefix("- ") }
    return lines[..<list.endIndex]
  }

  private func joined(_ lines: some Sequence<Substring>) -> String {
    lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
  }
}
