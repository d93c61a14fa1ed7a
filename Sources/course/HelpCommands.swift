import Foundation

/// `course hint N.M`: one more hint each time.
func hint(_ exercise: Exercise, _ desk: Desk) throws -> ExitCode {
  let style = Style.standardOutput
  let mustPredict = try desk.mustPredict(exercise)
  let hints = exercise.hints(hasPredicted: !mustPredict)
  try desk.update { $0[exercise].hints = min($0[exercise].hints + 1, hints.count) }
  let count = try desk.progress()[exercise].hints
  for (index, hint) in hints.prefix(count).enumerated() {
    let title = "Hint \(index + 1) of \(hints.count)" + (mustPredict ? ", for the prediction" : "")
    print(
      (index + 1 == count ? style.strong(title) : style.faint(title)) + "\n\n\(reflowed(hint))\n")
  }
  if mustPredict {
    print("A wrong guess counts, too: swift run course predict \(exercise.number)")
  } else if count == hints.count && exercise.hasCode {
    print("The last way out: swift run course solution \(exercise.number) --give-up")
  }
  return .passed
}

/// `course solution N.M [--give-up]`
func showSolution(_ exercise: Exercise, _ desk: Desk, hasGivenUp: Bool) throws -> ExitCode {
  let isDone = try desk.progress()[exercise].isDone
  guard isDone || hasGivenUp else {
    print("It is yours to find; three hints help: swift run course hint \(exercise.number)")
    print("To see it all the same: swift run course solution \(exercise.number) --give-up")
    return .notPassed
  }
  guard exercise.hasCode else {
    throw UsageError(
      "\(exercise.number) has no code; swift run course predict \(exercise.number) shows what is right"
    )
  }
  print(try String(contentsOf: exercise.solution, encoding: .utf8), terminator: "")
  return .passed
}

/// `course reset N.M`: the stub again, and no prediction. What was there is kept.
func reset(_ exercise: Exercise, _ desk: Desk) throws -> ExitCode {
  if let backup = try desk.putAway(exercise) {
    print("Your file is now \(desk.workshop.relative(backup)).")
  }
  try desk.update { $0[exercise] = Progress.Entry() }
  if exercise.hasCode {
    print("\(desk.workshop.relative(try desk.file(for: exercise))) is as in the beginning.")
  } else {
    print("\(exercise.number) can be predicted again.")
  }
  return .passed
}
