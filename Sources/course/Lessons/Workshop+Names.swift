import Foundation

extension Workshop {
  /// The step or exercise that a word of the command line names: its number, with or without its
  /// name, or the path of a file or folder that belongs to it, as the shell completes it.
  func lesson(named word: String) throws -> Lesson {
    for part in word.split(separator: "/").reversed() {
      let number = part.prefix { $0 != "-" }.lowercased()
      if let step = path.step(number) { return .step(step) }
      if let exercise = exercises.first(where: { $0.number == number }) {
        return .exercise(exercise)
      }
    }
    if let hint = chapterHint(word) { throw UsageError(hint) }
    throw UsageError("there is no step and no exercise '\(word)'; swift run course lists them")
  }

  /// Lists the numbers in a chapter, for a reader who names only the chapter.
  private func chapterHint(_ word: String) -> String? {
    guard let chapter = Int(word) else { return nil }
    let steps = path.steps.filter { $0.chapter == chapter }.map(\.number)
    let numbers = exercises.filter { $0.chapter == chapter }.map(\.number)
    let ranges = [("steps", steps), ("exercises", numbers)].compactMap { name, numbers in
      numbers.last.map { "the \(name) \(numbers[0]) to \($0)" }
    }
    return ranges.isEmpty
      ? nil : "\(word) is a chapter; it has \(ranges.joined(separator: " and "))"
  }
}
