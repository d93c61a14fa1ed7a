import Foundation

/// One step of the path from an empty file to the five servers, as its `step.md` describes it.
struct Step: Sendable, CustomStringConvertible {
  /// `1c`
  let number: String
  let title: String
  let minutes: Int?
  /// The section of the book that explains it: a path from the root of the repository, with an anchor.
  let section: String
  /// The step that its program builds on; `nil` for the one before it.
  let base: String?
  /// Files of the program before that this step removes.
  let removed: [String]
  /// The parts of its check that the step before fails.
  let mends: [String]
  /// The parts of its check that its own program fails, each with the step that mends it.
  let stillFails: [String: String]
  /// Compiler flags for a second build of the program, which the check wants, and the files in
  /// `Variant` that only this build gets.
  let flags: [String]
  /// The groups of the servers' own tests that its program passes: suites, or `SUITE/TEST`,
  /// which is the beginning of a name.
  let groups: [String]
  /// The failure that motivates the step, and what to type.
  let task: String
  /// From a nudge to nearly the answer.
  let hints: [String]
  /// Told after a pass.
  let after: String?
  let folder: URL

  var check: URL { folder.appending(path: "Check.swift") }
  var chapter: Int { Int(number.prefix { $0.isNumber }) ?? 0 }

  var description: String { "\(number) \(title)" }

  init(folder: URL) throws {
    self.folder = folder
    let page = try LessonPage(folder.appending(path: "step.md"))
    let name = folder.lastPathComponent
    number = try page.wanted(name.split(separator: "-").first.map(String.init), "no number")
    title = try page.wanted(page.title(after: number), "the first line is '# \(number) TITLE'")
    minutes = page["minutes"].flatMap { Int($0) }
    section = try page.wanted(
      page.link("read"), "no '- read: [TEXT](../../docs/PAGE.md#SECTION)'")
    base = page["from"]
    removed = page.list("removes")
    mends = page.all("mends")
    let later = try page.all("still fails").map { line in
      let parts = line.split(separator: " → ").map(String.init)
      return try page.wanted(
        parts.count == 2 ? (parts[0], parts[1]) : nil, "it is '- still fails: PART → STEP'")
    }
    stillFails = Dictionary(later) { $1 }
    let additions = try? FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "Variant"), includingPropertiesForKeys: nil)
    flags =
      (page["flags"]?.split(separator: " ").map(String.init) ?? [])
      + (additions ?? []).map(\.path).sorted()
    groups = page.all("groups")
    task = page.task
    hints = (1...3).compactMap { page.section("Hint \($0)") }
    _ = try page.wanted(hints.count == 3 ? true : nil, "it needs three hints")
    after = page.section("After")
  }

  /// The files that this step adds or changes, as paths within the program.
  func files() throws -> [String] {
    try Files.tree(folder) {
      ["step.md", "Check.swift", "Wrong", "Broken", "Variant"].contains($0)
    }
  }
}
