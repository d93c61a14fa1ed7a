/// `course`
func list(_ desk: Desk) throws -> ExitCode {
  let style = Style.standardOutput
  let progress = try desk.progress()
  for exercise in desk.workshop.exercises {
    let mark = progress[exercise].isDone ? style.good("✓") : " "
    print("\(mark) \(exercise.number)  \(exercise.title)", style.faint("\(exercise.minutes) min"))
  }
  return .passed
}
