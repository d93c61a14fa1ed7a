/// `course`: all steps and exercises, chapter by chapter, and which of them are done.
struct ListCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform() throws -> ExitCode {
    let progress = try desk.progress()
    let (steps, exercises) = (desk.workshop.path.steps, desk.workshop.exercises)
    let chapters = Set(steps.map(\.chapter) + exercises.map(\.chapter)).sorted()
    for chapter in chapters {
      print(style.strong("Chapter \(chapter)"))
      for step in steps where step.chapter == chapter {
        show(.step(step), step.minutes, progress)
      }
      for exercise in exercises where exercise.chapter == chapter {
        show(.exercise(exercise), exercise.minutes, progress)
      }
      print()
    }
    try showSums(progress)
    return .passed
  }

  private func show(_ lesson: Lesson, _ minutes: Int?, _ progress: Progress) {
    let entry = progress[lesson]
    let mark = entry.isDone ? style.good("✓") : entry.isSkipped ? style.faint("–") : "·"
    let digits = minutes.map(String.init) ?? ""
    let time =
      digits.isEmpty ? "      " : String(repeating: " ", count: 2 - digits.count) + digits + " min"
    print(mark, style.faint(time), "", lesson)
  }

  private func showSums(_ progress: Progress) throws {
    let (steps, exercises) = (desk.workshop.path.steps, desk.workshop.exercises)
    if !steps.isEmpty {
      print(
        "\(steps.count { progress[$0].isDone }) of \(steps.count) steps built.", terminator: " ")
      print(try desk.whatIsNext(after: .step(steps[0])))
    }
    if let problem = desk.workshop.path.problem { print("The steps end here: \(problem)") }
    if !exercises.isEmpty {
      let done = exercises.count { progress[$0].isDone }
      print("\(done) of \(exercises.count) exercises done.", terminator: " ")
      print(try desk.whatIsNext(after: .exercise(exercises[0])))
    }
  }
}
