import Foundation
import Testing

@testable import course

/// A file that a learner could have written: the stub, a wrong answer, the solution.
struct Variant: CustomTestStringConvertible, Sendable {
  static let workshop = try! Workshop(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())

  static let judge = Result { try Judge(workshop) }

  static let all = workshop.exercises.flatMap { exercise in
    [Variant(exercise, exercise.stub), Variant(exercise, exercise.solution)]
      + exercise.wrongAnswers.map { Variant(exercise, $0) }
  }

  let exercise: Exercise
  let file: URL

  init(_ exercise: Exercise, _ file: URL) { (self.exercise, self.file) = (exercise, file) }

  var testDescription: String { "\(exercise.number) \(file.lastPathComponent)" }
  var isSolution: Bool { file == exercise.solution }

  /// What the check must say to a wrong answer: its first line is `// expect: TEXT`.
  var expectation: String? {
    get throws {
      let text = try String(contentsOf: file, encoding: .utf8)
      return text.prefixMatch(of: /\/\/ expect: (.+)/).map { String($0.output.1) }
    }
  }
}

extension Exercise {
  var wrongAnswers: [URL] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "Wrong").path)
    return (names ?? []).sorted().map { folder.appending(path: "Wrong/\($0)") }
  }
}
