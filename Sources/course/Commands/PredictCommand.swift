import Foundation

/// `course predict N.M`: asks first, stores the answers, and only then measures.
struct PredictCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  /// - Parameter answers: in the order of the questions; if empty, the command asks for them.
  func perform(_ exercise: Exercise, answers: [String]) throws -> ExitCode {
    if exercise.questions.isEmpty {
      throw UsageError("there is nothing to predict in \(exercise.number)")
    }
    print(style.strong("\(exercise)") + "\n\n" + reflowed(exercise.task) + "\n")
    let guess = try kept(exercise, answers) ?? asked(exercise, answers)
    let verdict = try Judge(desk.workshop, servers: builtServers(for: exercise))
      .judge(guess, for: exercise)
    print(verdict.text(style) + "\n")
    guard case .compared = verdict else { return .notPassed }
    if exercise.hasCode {
      print("Now write the code.")
      try showFile(of: exercise, desk)
    } else {
      print("Read more in \(exercise.section).")
      try Conclusion(desk, .exercise(exercise)).finish()
    }
    return verdict.isPassed ? .passed : .notPassed
  }

  /// A reader who has seen the measurement can no longer predict it.
  private func kept(_ exercise: Exercise, _ answers: [String]) throws -> Guess? {
    guard let guess = try desk.progress()[exercise].guess else { return nil }
    if !answers.isEmpty {
      throw CourseError(
        "you have already predicted; to start again: swift run course reset \(exercise.number)")
    }
    print(
      style.faint(
        "This is what you predicted. To start again: swift run course reset \(exercise.number)"))
    return guess
  }

  private func asked(_ exercise: Exercise, _ answers: [String]) throws -> Guess {
    if !answers.isEmpty && answers.count != exercise.questions.count {
      throw UsageError("\(exercise.number) has \(exercise.questions.count) questions")
    }
    var guess = Guess()
    for (index, question) in exercise.questions.enumerated() {
      guess[question.name] =
        try answers.isEmpty ? ask(question) : answer(to: question, answers[index])
    }
    // The hints start again, because those shown so far were for the prediction.
    try desk.update {
      $0[.exercise(exercise)] = Progress.Entry(guess: guess)
      $0.touch(.exercise(exercise))
    }
    return guess
  }

  private func answer(to question: Question, _ text: String) throws -> String {
    guard let answer = question.normalized(text) else {
      throw UsageError("'\(text)': '\(question.name)' is answered with \(question.wish)")
    }
    return answer
  }

  private func ask(_ question: Question) throws -> String {
    print(reflowed(question.text))
    while true {
      print(style.faint("(\(question.wish))"), terminator: " ")
      fflush(nil)
      guard let line = readLine() else { throw CourseError("no answer, so nothing is measured") }
      if let answer = question.normalized(line) {
        print()
        return answer
      }
      print("'\(line)' is not an answer to this question.")
    }
  }

  /// The folder with the servers' executables, which `swift run course` does not build.
  private func builtServers(for exercise: Exercise) throws -> URL {
    for server in exercise.servers {
      print(style.faint("building \(server)"))
      let result = try Run(
        ["swift", "build", "--package-path", desk.workshop.root.path, "--product", server],
        silence: 600)
      if !result.isSuccess { throw CourseError("swift build failed:\n\(result.output)") }
    }
    return desk.workshop.servers
  }
}
