/// `course`: the exercises by chapter, and what is done.
func list(_ desk: Desk) throws -> ExitCode {
  let style = Style.standardOutput
  let progress = try desk.progress()
  let exercises = desk.workshop.exercises
  var chapter = 0
  for exercise in exercises {
    if exercise.chapter != chapter {
      chapter = exercise.chapter
      print((chapter > 1 ? "\n" : "") + style.strong("Chapter \(chapter)"))
    }
    let mark = progress[exercise].isDone ? style.good("✓") : "·"
    let minutes = (exercise.minutes < 10 ? " " : "") + "\(exercise.minutes) min"
    print(mark, style.faint(minutes), "", exercise)
  }
  let done = exercises.count { progress[$0].isDone }
  print("\n\(done) of \(exercises.count) done. The next one: swift run course next")
  return .passed
}

/// `course next`: what to do now.
func showNext(_ desk: Desk) throws -> ExitCode {
  let style = Style.standardOutput
  guard let exercise = try desk.next() else {
    print(style.good("All exercises are done."))
    return .passed
  }
  print(style.strong("\(exercise)"), style.faint("\(exercise.minutes) min") + "\n")
  print("Read \(exercise.section) before.\n\n" + reflowed(exercise.task) + "\n")
  if try desk.mustPredict(exercise) {
    print("Predict what happens: swift run course predict \(exercise.number)")
  } else {
    try showFile(of: exercise, desk)
  }
  return .passed
}

/// Where the code belongs, and what to do with it.
func showFile(of exercise: Exercise, _ desk: Desk) throws {
  let number = exercise.number
  print("Your file:  ", desk.workshop.relative(try desk.file(for: exercise)))
  print(
    "Check it:    swift run course check \(number), or on each save: swift run course watch \(number)"
  )
}
