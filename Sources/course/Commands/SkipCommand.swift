/// `course skip 1c` or `course skip 1.1`: the next one is offered instead. A check that passes
/// later still counts.
struct SkipCommand {
  private let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ lesson: Lesson) throws -> ExitCode {
    try desk.update {
      $0[lesson].isSkipped = true
      $0.touch(lesson)
    }
    print("Skipped \(lesson). To do it after all: \(lesson.command)")
    print(try desk.whatIsNext(after: lesson))
    return .passed
  }
}
