/// The end of a check: records that it passed, and says what comes next.
struct Conclusion {
  private let desk: Desk
  private let lesson: Lesson
  private let style = Style.standardOutput

  init(_ desk: Desk, _ lesson: Lesson) { (self.desk, self.lesson) = (desk, lesson) }

  func perform(_ verdict: Verdict) throws -> ExitCode {
    let number = lesson.number
    guard verdict.isPassed else {
      print("Read \(lesson.section), or ask for a hint: swift run course hint \(number)")
      return .notPassed
    }
    try finish()
    return .passed
  }

  func finish() throws {
    try desk.update { $0[lesson].isDone = true }
    if let after = lesson.after { print(reflowed(after) + "\n") }
    print(style.good("Done."), try desk.whatIsNext(after: lesson))
  }
}
