import Foundation

/// One exercise, as its `exercise.md` describes it.
struct Exercise: Sendable, CustomStringConvertible {
  /// `2.1`
  let number: String
  let title: String
  let minutes: Int
  /// How it is checked: F, B, C, V, P, or 🐞 for a planted bug.
  let letters: String
  /// The section of the book to read before: a path from the root of the repository, with an anchor.
  let section: String
  /// What the learner's file must not contain.
  let forbidden: [String]
  /// The servers that it starts.
  let servers: [String]
  /// What to predict, before anything is measured.
  let questions: [Question]
  let task: String
  /// From a nudge to nearly the answer.
  private let hints: [String]
  /// The same for what is to be predicted, where there is code to write as well.
  private let predictionHints: [String]
  let folder: URL

  var stub: URL { folder.appending(path: "Stub.swift") }
  /// Whether there is something to write. Where there is not, there is something to predict.
  var hasCode: Bool { FileManager.default.fileExists(atPath: stub.path) }
  var solution: URL { folder.appending(path: "Solution.swift") }
  var check: URL { folder.appending(path: "Check.swift") }
  /// The program that measures what was predicted.
  var measurement: URL { folder.appending(path: "Measure.swift") }
  var chapter: Int { Int(number.prefix(1)) ?? 0 }

  var description: String { "\(number) \(title)" }

  init(folder: URL) throws {
    self.folder = folder
    let path = folder.appending(path: "exercise.md")
    let page = ExercisePage(try String(contentsOf: path, encoding: .utf8))
    func wanted<Value>(_ value: Value?, _ what: String) throws -> Value {
      guard let value else { throw CourseError("\(path.path): \(what)") }
      return value
    }
    let name = folder.lastPathComponent
    number = try wanted(name.split(separator: "-").first.map(String.init), "no number")
    title = try wanted(page.title(after: number), "the first line is '# \(number) TITLE'")
    minutes = try wanted(page["minutes"].flatMap { Int($0) }, "no '- minutes: N'")
    letters = page["letters"] ?? ""
    section = try wanted(page.link("read"), "no '- read: [TEXT](../../docs/PAGE.md#SECTION)'")
    forbidden = page.list("without")
    servers = page.list("servers")
    questions = try page.sections(after: "Question ").map { name, text in
      try wanted(Question(name, text), "question \(name) has no '- answer: FORM'")
    }
    task = page.task
    hints = (1...3).compactMap { page.section("Hint \($0)") }
    predictionHints = (1...3).compactMap { page.section("Prediction hint \($0)") }
    let hasBoth = hasCode && !questions.isEmpty
    if hints.count != 3 || predictionHints.count != (hasBoth ? 3 : 0) {
      throw CourseError("\(path.path): no three hints")
    }
  }

  /// Those for what comes first: the prediction, or the code.
  func hints(hasPredicted: Bool) -> [String] {
    predictionHints.isEmpty || hasPredicted ? hints : predictionHints
  }
}
