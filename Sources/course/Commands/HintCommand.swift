/// `course hint 1c` or `course hint 1.1`: one more hint each time.
struct HintCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ lesson: Lesson) throws -> ExitCode {
    var mustPredict = false
    let hints: [String]
    switch lesson {
    case .step(let step): hints = step.hints
    case .exercise(let exercise):
      mustPredict = try desk.mustPredict(exercise)
      hints = exercise.hints(hasPredicted: !mustPredict)
    }
    try desk.update {
      $0[lesson].hints = min($0[lesson].hints + 1, hints.count)
      $0.touch(lesson)
    }
    let count = try desk.progress()[lesson].hints
    for (index, hint) in hints.prefix(count).enumerated() {
      let title =
        "Hint \(index + 1) of \(hints.count)" + (mustPredict ? ", for the prediction" : "")
      print(index + 1 == count ? style.strong(title) : style.faint(title))
      print("\n\(reflowed(hint))\n")
    }
    if mustPredict {
      print("A wrong guess counts too: swift run course predict \(lesson.number)")
    } else if count == hints.count {
      showLastWay(lesson)
    }
    return .passed
  }

  private func showLastWay(_ lesson: Lesson) {
    switch lesson {
    case .step(let step):
      print("To compare with the book's program: swift run course diff \(step.number)")
    case .exercise(let exercise) where exercise.hasCode:
      print("To see a solution: swift run course solution \(exercise.number) --give-up")
    case .exercise: break
    }
  }
}
