import Glibc

/// A wrong guess that people really make, and what to say to it.
public struct Misconception: Sendable {
  fileprivate let isBehind: @Sendable (String) -> Bool
  fileprivate let text: String

  /// For exactly this guess.
  public static func guess(_ guess: String, _ text: String) -> Misconception {
    Misconception(isBehind: { $0 == guess }, text: text)
  }

  /// For a guess in this range.
  public static func number(
    _ range: some RangeExpression<Double> & Sendable, _ text: String
  ) -> Misconception {
    Misconception(isBehind: { Double($0).map(range.contains) ?? false }, text: text)
  }
}

/// Puts the learner's guess, the model and the measurement side by side. A wrong guess does not end
/// the program: it is the one to learn from, and there may be more questions.
/// - Parameters:
///   - question: as in `exercise.md`.
///   - factor: how far a number may be off; 2 means from half to twice as much of what was measured
///     on this machine, or of the model: so whoever calculates as the model does is right on every
///     machine.
///   - reason: why it is so; everybody reads it, also who was right.
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
    Report.write(.wrong, misconceptions.first { $0.isBehind(guess) }?.text ?? "")
  }
}

private func isNear(_ guess: String, _ right: String, _ factor: Double) -> Bool {
  guard let guess = Double(guess), let right = Double(right) else { return guess == right }
  return right / factor <= guess && guess <= right * factor
}
