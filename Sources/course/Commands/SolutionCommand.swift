/// `course solution 1.1 [--give-up]`
struct SolutionCommand {
  private let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ lesson: Lesson, hasGivenUp: Bool) throws -> ExitCode {
    let number = lesson.number
    guard case .exercise(let exercise) = lesson else {
      throw UsageError(
        "\(number) is a step; its program: course diff \(number), course take \(number)")
    }
    guard exercise.hasCode else {
      throw UsageError(
        "\(number) has no code; swift run course predict \(number) shows what is right")
    }
    guard try desk.progress()[exercise].isDone || hasGivenUp else {
      print("Three hints help you find it: swift run course hint \(number)")
      print("To see it anyway: swift run course solution \(number) --give-up")
      return .notPassed
    }
    print(try Files.text(of: exercise.solution), terminator: "")
    return .passed
  }
}
