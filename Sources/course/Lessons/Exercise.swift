import Foundation

/// One exercise, as its `exercise.md` describes it.
struct Exercise: Sendable, CustomStringConvertible {
  /// `2.1`
  let number: String
  let title: String
  let minutes: Int
  /// How it is checked: F, B, C, V, P, or 🐞 for a planted bug.
  let letters: String
  /// The section of the book to read before: a path from the root of the repository, with an
  /// anchor.
  let section: String
  /// Words that the learner's code must not contain.
  let forbidden: [String]
  /// The servers that its measurement starts.
  let servers: [String]
  /// The questions to predict an answer to, before anything is measured.
  let questions: [Question]
  let task: String
  /// Shown after a pass: what the real server does differently, and another good solution.
  let after: String?
  /// From a nudge to nearly the answer.
  private let hints: [String]
  /// The hints for the prediction, if there is also code to write.
  private let predictionHints: [String]
  let folder: URL

  var stub: URL { folder.appending(path: "Stub.swift") }
  /// Whether there is something to write. If not, there is something to predict.
  let hasCode: Bool
  var solution: URL { folder.appending(path: "Solution.swift") }
  var check: URL { folder.appending(path: "Check.swift") }
  /// The program that measures what was predicted.
  var measurement: URL { folder.appending(path: "Measure.swift") }
  var chapter: Int { Int(number.prefix { $0 != "." }) ?? 0 }

  var description: String { "\(number) \(title)" }

  init(folder: URL) throws {
    self.folder = folder
    hasCode = try Files.exists(folder.appending(path: "Stub.swift"))
    let page = try LessonPage(folder.appending(path: "exercise.md"))
    let name = folder.lastPathComponent
    number = try page.wanted(name.split(separator: "-").first.map(String.init), "no number")
    title = try page.wanted(page.title(after: number), "the first line is '# \(number) TITLE'")
    minutes = try page.wanted(page["minutes"].flatMap { Int($0) }, "no '- minutes: N'")
    letters = page["letters"] ?? ""
    section = try page.wanted(
      page.link("read"), "no '- read: [TEXT](../../docs/PAGE.md#SECTION)'")
    forbidden = page.list("without")
    servers = page.list("servers")
    questions = try page.sections(after: "Question ").map { name, text in
      try page.wanted(Question(name, text), "question \(name) has no '- answer: FORM'")
    }
    task = page.task
    after = page.section("After")
    hints = (1...3).compactMap { page.section("Hint \($0)") }
    predictionHints = (1...3).compactMap { page.section("Prediction hint \($0)") }
    let wanted = hasCode && !questions.isEmpty ? 3 : 0
    let areComplete = hints.count == 3 && predictionHints.count == wanted
    _ = try page.wanted(areComplete ? true : nil, "it needs three hints")
  }

  /// Those for what comes first: the prediction, or the code.
  func hints(hasPredicted: Bool) -> [String] {
    predictionHints.isEmpty || hasPredicted ? hints : predictionHints
  }
}
