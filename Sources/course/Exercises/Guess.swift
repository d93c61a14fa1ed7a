/// A learner's prediction: the answers, by the question's name.
typealias Guess = [String: String]

extension Guess {
  /// As in a file: a line `NAME: ANSWER` for each question.
  init(text: String, for exercise: Exercise) throws {
    self.init()
    for question in exercise.questions {
      let line = text.split(separator: "\n").first { $0.hasPrefix("\(question.name): ") }
      guard let line,
        let answer = question.normalized(String(line.dropFirst(question.name.count + 2)))
      else { throw CourseError("'\(question.name)' is answered with \(question.wish)") }
      self[question.name] = answer
    }
  }
}
