/// `course check 1c`, for the reader's program or for one in any language.
struct StepCheckCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ step: Step, _ subject: StepJudge.Subject? = nil) throws -> ExitCode {
    let lesson = Lesson.step(step)
    if subject == nil, try desk.server.isEmpty {
      throw CourseError("there is no program in \(MyServer.name)/ yet: swift run course build")
    }
    if subject == nil { try CompilationDatabase(desk).updateServer() }
    try desk.update { $0.touch(lesson) }
    print(style.strong("\(step)"), subject == nil ? MyServer.name + "/" : "", "\n")
    let (verdict, warnings) = try StepJudge(desk.workshop).judge(
      subject ?? .folder(desk.server.folder), for: step)
    if !warnings.isEmpty { print(warnings + "\n") }
    print(verdict.text(style) + "\n")
    return try Conclusion(desk, lesson).perform(verdict)
  }
}
