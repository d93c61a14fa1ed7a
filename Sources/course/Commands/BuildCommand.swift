/// `course build [1c]`: the step to build now, and its place in the book.
struct BuildCommand {
  let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  /// - Parameter step: `nil` for the next one.
  func perform(_ named: Step?) throws -> ExitCode {
    guard let step = try named ?? desk.nextStep() else {
      print(style.good("You have built all steps."))
      return .passed
    }
    try desk.server.begin()
    try CompilationDatabase(desk).updateServer()
    try desk.update { $0.touch(.step(step)) }
    let minutes = step.minutes.map { style.faint("\($0) min") } ?? ""
    print(style.strong("\(step)"), minutes + "\n")
    print("The book: \(step.section)\n\n" + reflowed(step.task) + "\n")
    let number = step.number
    print("Your program:  \(MyServer.name)/")
    print("Check it:      swift run course check \(number)")
    print("On each save:  swift run course watch \(number)")
    print("Start it:      swift run course run")
    return .passed
  }
}
