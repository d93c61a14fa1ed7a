/// A thing to do: a step of the path on which the reader builds the servers, or an exercise.
enum Lesson: CustomStringConvertible {
  case step(Step)
  case exercise(Exercise)

  /// `1c` for a step, `1.1` for an exercise.
  var number: String {
    switch self {
    case .step(let step): step.number
    case .exercise(let exercise): exercise.number
    }
  }

  var description: String {
    switch self {
    case .step(let step): step.description
    case .exercise(let exercise): exercise.description
    }
  }

  /// The section of the book to read before: a path from the root of the repository, with an
  /// anchor.
  var section: String {
    switch self {
    case .step(let step): step.section
    case .exercise(let exercise): exercise.section
    }
  }

  /// The command that tells what to do for it.
  var command: String {
    switch self {
    case .step: "swift run course build \(number)"
    case .exercise: "swift run course next \(number)"
    }
  }

  /// What the real server does differently, and another good solution; shown after a pass.
  var after: String? {
    switch self {
    case .step(let step): step.after
    case .exercise(let exercise): exercise.after
    }
  }
}
