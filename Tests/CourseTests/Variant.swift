import Foundation
import Testing

@testable import course

/// A file that a learner could have written: the stub, a wrong answer, the solution; or a
/// prediction.
struct Variant: CustomTestStringConvertible, Sendable {
  static let workshop = try! Workshop(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())

  /// The servers' executables and the tests' are in one folder.
  static let judge = Result {
    try Judge(
      workshop, servers: URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent())
  }

  static let all = workshop.exercises.flatMap { exercise in
    let code = exercise.hasCode ? [exercise.stub, exercise.solution] : []
    let guess = exercise.questions.isEmpty ? [] : [exercise.rightGuess]
    return (code + guess + exercise.wrongAnswers).map { Variant(exercise, $0) }
  }

  let exercise: Exercise
  let file: URL

  init(_ exercise: Exercise, _ file: URL) { (self.exercise, self.file) = (exercise, file) }

  var testDescription: String { "\(exercise.number) \(file.lastPathComponent)" }
  var isSolution: Bool { [exercise.solution, exercise.rightGuess].contains(file) }

  /// Compiles once, and runs this many times.
  func verdicts(_ count: Int) throws -> [Verdict] {
    let judge = try Self.judge.get()
    var guess = Guess()
    let prepared: Judge.Prepared
    if file.pathExtension == "txt" {
      guess = try Guess(text: Files.text(of: file), for: exercise)
      prepared = try judge.prepareMeasurement(for: exercise)
    } else {
      prepared = try judge.prepare(file, for: exercise)
    }
    switch prepared {
    case .verdict(let verdict): return [verdict]
    case .program(let program):
      return try (1...count).map { _ in try judge.run(program, guess, with: file) }
    }
  }

  /// What the check must say to a wrong answer: its first line is `// expect: TEXT`.
  var expectation: String? {
    get throws {
      let text = try String(contentsOf: file, encoding: .utf8)
      return text.prefixMatch(of: /\/\/ expect: (.+)/).map { String($0.output.1) }
    }
  }
}

extension Exercise {
  var rightGuess: URL { folder.appending(path: "Solution.txt") }

  var wrongAnswers: [URL] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "Wrong").path)
    return (names ?? []).sorted().map { folder.appending(path: "Wrong/\($0)") }
  }
}
