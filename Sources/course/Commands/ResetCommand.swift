/// `course reset 1.1`: restores the stub and removes the prediction. The reader's file is kept.
struct ResetCommand {
  private let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ exercise: Exercise) throws -> ExitCode {
    // First, because it may fail, and then nothing has been moved.
    try desk.update {
      $0[.exercise(exercise)] = Progress.Entry()
      $0.touch(.exercise(exercise))
    }
    if let backup = try desk.putAway(exercise) {
      print("Your file is now \(desk.workshop.relative(backup)).")
    }
    if exercise.hasCode {
      print("\(desk.workshop.relative(try desk.file(for: exercise))) contains the stub again.")
    } else {
      print("\(exercise.number) can be predicted again.")
    }
    return .passed
  }
}
