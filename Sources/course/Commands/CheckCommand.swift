/// `course check 1c` or `course check 1.1`
struct CheckCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ lesson: Lesson) throws -> ExitCode {
    switch lesson {
    case .step(let step): try StepCheckCommand(desk).perform(step)
    case .exercise(let exercise): try perform(exercise)
    }
  }

  private func perform(_ exercise: Exercise) throws -> ExitCode {
    let file = try desk.file(for: exercise)
    if try desk.mustPredict(exercise) {
      throw CourseError("predict first: swift run course predict \(exercise.number)")
    }
    try CompilationDatabase(desk).updateExercises()
    try desk.update { $0.touch(.exercise(exercise)) }
    print(style.strong("\(exercise)"), desk.workshop.relative(file), "\n")
    let verdict = try Judge(desk.workshop, servers: desk.workshop.servers).judge(
      file, for: exercise)
    print(verdict.text(style) + "\n")
    return try Conclusion(desk, .exercise(exercise)).perform(verdict)
  }
}
