import Foundation

/// `course check N.M`
struct CheckCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ exercise: Exercise) throws -> ExitCode {
    let file = try desk.file(for: exercise)
    if try desk.mustPredict(exercise) {
      throw CourseError("predict first: swift run course predict \(exercise.number)")
    }
    ChildProcess.endWithUs()
    print(style.strong("\(exercise)"), desk.workshop.relative(file))
    print()
    let verdict = try Judge(desk.workshop, servers: desk.workshop.servers).judge(
      file, for: exercise)
    print(verdict.text(style))
    print()
    if verdict.isPassed {
      try desk.update { $0[exercise].isDone = true }
      print(style.good("Done."), try desk.whatIsNext())
      return .passed
    }
    print("Read \(exercise.section), or ask for a hint: swift run course hint \(exercise.number)")
    return .notPassed
  }
}
