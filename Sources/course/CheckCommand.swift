import Foundation

/// `course check N.M`
struct CheckCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ exercise: Exercise) throws -> ExitCode {
    if try !exercise.questions.isEmpty && desk.progress()[exercise].guess == nil {
      throw UsageError("predict first: swift run course predict \(exercise.number)")
    }
    guard exercise.hasCode else {
      throw UsageError("there is nothing to write in \(exercise.number); it was all predicted")
    }
    ChildProcess.endWithUs()
    let file = try desk.file(for: exercise)
    print(style.strong("\(exercise)"), desk.workshop.relative(file))
    print()
    let verdict = try Judge(desk.workshop, servers: desk.workshop.servers).judge(
      file, for: exercise)
    print(verdict.text(style))
    print()
    if verdict.isPassed {
      try desk.update { $0[exercise].isDone = true }
      print(style.good("Done."))
      return .passed
    }
    print("Read \(exercise.section), or ask for a hint: swift run course hint \(exercise.number)")
    return .notPassed
  }
}
