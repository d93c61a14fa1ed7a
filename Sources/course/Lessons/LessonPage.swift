import Foundation

/// The parts of an `exercise.md` or a `step.md`: a title, a list of `- key: value`, the text, and
/// sections that start with `## NAME`.
struct LessonPage {
  private let path: String
  private let lines: [Substring]

  init(_ file: URL) throws {
    path = file.path
    lines = try Files.text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Returns the value, or throws an error that says what this page lacks.
  func wanted<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw CourseError("\(path): \(what)") }
    return value
  }

  /// `# 1.1 TITLE`
  func title(after number: String) -> String? {
    let start = "# \(number) "
    return lines.first.flatMap { $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : nil }
  }

  subscript(key: String) -> String? { all(key).first }

  /// The values of a key that may appear several times.
  func all(_ key: String) -> [String] {
    let start = "- \(key): "
    return head.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
  }

  func list(_ key: String) -> [String] {
    all(key).flatMap { $0.split(separator: ", ").map(String.init) }
  }

  /// Where a link leads, from the root of the repository.
  func link(_ key: String) -> String? {
    self[key]?.firstMatch(of: /\]\((?:\.\.\/\.\.\/)?([^)]+)\)/).map { String($0.output.1) }
  }

  /// The text between the list and the first section.
  var task: String {
    joined(lines.dropFirst(head.count).prefix { !$0.hasPrefix("## ") })
  }

  func section(_ name: String) -> String? {
    guard let start = lines.firstIndex(of: "## \(name)") else { return nil }
    return joined(lines[(start + 1)...].prefix { !$0.hasPrefix("## ") })
  }

  /// All sections whose heading starts like this, by the rest of the heading.
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
