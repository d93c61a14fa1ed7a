/// `course next [1.1]`: the exercise to do now.
struct NextCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  /// - Parameter named: `nil` for the next one.
  func perform(_ named: Exercise?) throws -> ExitCode {
    guard let exercise = try named ?? desk.nextExercise() else {
      print(style.good("All exercises are done."))
      return .passed
    }
    try desk.update {
      $0.touch(.exercise(exercise))
      if named != nil { $0[.exercise(exercise)].isSkipped = false }
    }
    print(style.strong("\(exercise)"), style.faint("\(exercise.minutes) min") + "\n")
    print("Read \(exercise.section) before.\n\n" + reflowed(exercise.task) + "\n")
    if try desk.mustPredict(exercise) {
      print("Predict what happens: swift run course predict \(exercise.number)")
    } else {
      try showFile(of: exercise, desk)
    }
    return .passed
  }
}

/// Prints where to write the code and how to check it.
func showFile(of exercise: Exercise, _ desk: Desk) throws {
  let number = exercise.number
  print("Your file:    ", desk.workshop.relative(try desk.file(for: exercise)))
  try CompilationDatabase(desk).updateExercises()
  print("Check it:      swift run course check \(number)")
  print("On each save:  swift run course watch \(number)")
}
