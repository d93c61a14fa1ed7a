import Foundation
import Testing

@testable import course

/// The form that readers, pages and the runner rely on.
@Suite struct StepFormTests {
  @Test(arguments: Step.all)
  func aStepChangesFewLines(_ step: Step) throws {
    let before = try step.before?.program.files ?? [:]
    var changed = 0
    for path in try step.files() where isCode(path) {
      let new = try lines(of: step.folder.appending(path: path))
      let difference = try new.difference(from: before[path].map(lines) ?? [])
      changed += max(difference.insertions.count, difference.removals.count)
    }
    let stated = try page(step)["changes"].flatMap { Int($0.prefix(while: \.isNumber)) }
    #expect(changed <= 40 || stated == changed, "\(changed) lines change")
  }

  /// Blank lines and comments do not count.
  @Test(arguments: Step.all)
  func aProgramStaysSmall(_ step: Step) throws {
    let budgets = [1: 200, 2: 350, 3: 350, 5: 800]
    let count = try step.program.files.filter { $0.key.hasSuffix(".swift") }.values
      .flatMap(lines).count { !$0.isEmpty && !$0.hasPrefix("//") }
    #expect(count <= budgets[step.chapter, default: 700])
  }

  @Test func theFilesAreFormatted() throws {
    let folder = Step.workshop.root.appending(path: "Steps").path
    let lint = try Run(
      ["swift", "format", "lint", "--strict", "--recursive", folder], silence: 300)
    #expect(lint.isSuccess, "\(lint.output)")
  }

  /// The runner demands the rest of a head: its title, its section of the book, three hints.
  @Test(arguments: Step.all)
  func aHeadNamesAPageThatExists(_ step: Step) throws {
    let path = step.section.prefix { $0 != "#" }
    let file = Step.workshop.root.appending(path: String(path)).standardized
    #expect(try Files.exists(file), "\(file.path)")
  }

  @Test func theLastStepOfEachChapterNamesTheTestsThatItPasses() {
    let steps = Step.workshop.path.steps
    let last = zip(steps, steps.dropFirst()).filter { $0.chapter != $1.chapter }.map(\.0)
    let named = steps.filter { !$0.groups.isEmpty }.map(\.number)
    #expect(named == (last + steps.suffix(1)).map(\.number))
  }

  @Test func allHeadsCanBeUsed() {
    #expect(Step.workshop.path.problem == nil)
  }

  @Test func thereAreManyMistakes() {
    #expect(Variation.wrong.count >= 60 || Step.all.count < Step.workshop.path.steps.count)
  }

  private func page(_ step: Step) throws -> LessonPage {
    try LessonPage(step.folder.appending(path: "step.md"))
  }

  private func isCode(_ path: String) -> Bool {
    path.hasSuffix(".swift") || path.hasPrefix("CLinux/")
  }

  private func lines(of url: URL) throws -> [String] {
    try Files.text(of: url).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
