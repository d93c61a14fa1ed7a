/// `course take 1c`: the book's program after this step, as a place to continue from.
struct TakeCommand {
  let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ step: Step) throws -> ExitCode {
    let program = try desk.workshop.path.program(after: step)
    if let backup = try desk.server.replace(with: program, before: step) {
      print("Your program is now in \(desk.workshop.relative(backup)).")
    }
    try CompilationDatabase(desk).updateServer()
    try desk.update { $0.touch(.step(step)) }
    print("\(MyServer.name) is the book's program after \(step).")
    print("Check it: swift run course check \(step.number)")
    return .passed
  }
}
