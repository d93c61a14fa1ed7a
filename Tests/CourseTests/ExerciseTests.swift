import Foundation
import Testing

@testable import course

/// The checks are checked: each distinguishes right from wrong, and one mistake from another.
@Suite struct ExerciseTests {
  /// How often each variant runs, with the same words each time. Three by default for a solution,
  /// since a learner who got it right must never be told otherwise, and one for all others.
  static let runs = ProcessInfo.processInfo.environment["RUNS"].flatMap { Int($0) }

  @Test(arguments: Variant.all)
  func `a check passes the solution, and says what is wrong with any other answer`(
    variant: Variant
  ) throws {
    let verdicts = try variant.verdicts(Self.runs ?? (variant.isSolution ? 3 : 1))
    let texts = Set(verdicts.map { words($0.withoutMeasurements.text(.plain)) })
    #expect(texts.count == 1, "not the same each time: \(texts)")
    #expect(verdicts.allSatisfy { $0.isPassed == variant.isSolution }, "\(texts)")
    // A stub is code to start from.
    if variant.file == variant.exercise.stub, case .doesNotCompile(let errors) = verdicts[0] {
      Issue.record("\(errors)")
    }
    for other in Variant.all where other.exercise.number == variant.exercise.number {
      guard let expectation = try other.expectation else { continue }
      let says = try #require(texts.first).contains(words(expectation))
      #expect(says == (other.file == variant.file), "'\(expectation)' in \(texts)")
    }
  }

  @Test(arguments: Variant.workshop.exercises)
  func `an exercise has all its files`(exercise: Exercise) {
    let files = [
      exercise.hasCode ? [exercise.solution, exercise.check] : [],
      exercise.questions.isEmpty ? [] : [exercise.rightGuess, exercise.measurement],
    ]
    #expect(!files.joined().isEmpty)
    for file in files.joined() {
      #expect(FileManager.default.fileExists(atPath: file.path), "\(file)")
    }
  }

  /// The text, regardless of its line breaks.
  private func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test(arguments: Variant.workshop.exercises)
  func `an exercise has two to fourteen wrong answers, and each says what it expects`(
    exercise: Exercise
  ) throws {
    #expect((2...14).contains(exercise.wrongAnswers.count))
    for file in exercise.wrongAnswers {
      #expect(try Variant(exercise, file).expectation != nil, "\(file.lastPathComponent)")
    }
  }
}

extension Verdict {
  /// A clock never measures the same time twice; the lesson must be the same anyway.
  fileprivate var withoutMeasurements: Verdict {
    guard case .compared(var comparisons) = self else { return self }
    for index in comparisons.indices { comparisons[index].measured = "" }
    return .compared(comparisons)
  }
}
