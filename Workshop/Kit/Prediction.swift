import Glibc

/// A wrong guess that people really make, and the text that explains it.
public struct Misconception: Sendable {
  fileprivate let matches: @Sendable (String) -> Bool
  fileprivate let text: String

  /// Matches exactly this guess.
  public static func guess(_ guess: String, _ text: String) -> Misconception {
    Misconception(matches: { $0 == guess }, text: text)
  }

  /// Matches a guess in this range.
  public static func number(
    _ range: some RangeExpression<Double> & Sendable, _ text: String
  ) -> Misconception {
    Misconception(matches: { Double($0).map(range.contains) ?? false }, text: text)
  }
}

/// Puts the learner's guess, the model, and the measurement side by side. A wrong guess does not
/// end the program: there may be more questions, and wrong guesses teach the most.
/// - Parameters:
///   - question: its name in `exercise.md`.
///   - factor: how far off a number may be. With 2, a guess is right if it is between half and
///     twice the measurement on this machine, or half and twice the model. That way, a learner who
///     does the same calculation as the model is right on every machine.
///   - reason: explains the result to everyone, including those who were right.
public func compare(
  _ question: String, model: String, measured: String, within factor: Double = 1,
  because reason: String, _ misconceptions: Misconception...
) {
  guard let guess = getenv("GUESS_\(question)").map({ String(cString: $0) }) else {
    fail("there is no guess for '\(question)'")
  }
  let isRight = isNear(guess, measured, factor) || (factor > 1 && isNear(guess, model, factor))
  Report.write(.question, question)
  Report.write(.guess, guess)
  Report.write(.model, model)
  Report.write(.measured, measured)
  Report.write(.reason, reason)
  if !isRight {
    Report.write(.wrong, misconceptions.first { $0.matches(guess) }?.text ?? "")
  }
}

private func isNear(_ guess: String, _ right: String, _ factor: Double) -> Bool {
  guard let guess = Double(guess), let right = Double(right) else { return guess == right }
  return right / factor <= guess && guess <= right * factor
}
