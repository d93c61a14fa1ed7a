import Foundation
import Testing

/// The form that readers, pages and the runner rely on.
@Suite struct StepFormTests {
  @Test(arguments: Step.all)
  func aStepChangesFewLines(_ step: Step) throws {
    let before = step.before?.program ?? [:]
    var changed = 0
    for (path, url) in step.ownFiles {
      let difference = try lines(of: url).difference(from: before[path].map(lines) ?? [])
      changed += max(difference.insertions.count, difference.removals.count)
    }
    let stated = step.values("changes").first.flatMap { Int($0.prefix(while: \.isNumber)) }
    #expect(changed <= 40 || stated == changed, "\(changed) lines change")
  }

  /// Blank lines and comments do not count.
  @Test(arguments: Step.all)
  func aProgramStaysSmall(_ step: Step) throws {
    let budgets = ["1": 200, "2": 350, "3": 350, "5": 800]
    let count = try step.program.filter { $0.key.hasSuffix(".swift") }.values.flatMap(lines)
      .count { !$0.isEmpty && !$0.hasPrefix("//") }
    #expect(count <= budgets[String(step.name.prefix(1)), default: 700])
  }

  @Test func theFilesAreFormatted() throws {
    let shell = try Shell(["swift", "format", "lint", "--strict", "--recursive", Step.folder.path])
    #expect(shell.status == 0, "\(shell.output)")
  }

  @Test(arguments: Step.all)
  func aHeadHasATitleATaskAndThreeHints(_ step: Step) throws {
    #expect(step.head.hasPrefix("# \(step.name) "))
    for level in 1...3 { #expect(step.head.contains("\n## Hint \(level)\n")) }
    let page = try #require(step.values("read").first)
    let match = try #require(page.firstMatch(of: /\((\.\.\/\.\.\/[^#)]+)/))
    let file = step.url.appending(path: String(match.1)).standardized
    #expect(FileManager.default.fileExists(atPath: file.path), "\(file.path)")
  }

  @Test func thereAreManyMistakes() {
    #expect(Variation.wrong.count >= 60)
  }

  private func lines(of url: URL) throws -> [String] {
    try String(contentsOf: url, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
