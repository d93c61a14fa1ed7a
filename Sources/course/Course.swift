import ChildProcesses
import CommandLineOptions
import Foundation

/// The runner of the steps and the exercises: says what is next, checks what the reader has
/// written, and helps.
@main
struct Course {
  static func main() {
    StandardDescriptors.reserve()
    Interruption.prepare()
    do {
      let status = try Course().perform(Array(CommandLine.arguments.dropFirst()))
      guard fflush(nil) == 0 else { throw FileError("write", "standard output") }
      exit(status.rawValue)
    } catch let error as UsageError {
      printError("course: \(error) (try --help)")
      exit(ExitCode.usage.rawValue)
    } catch {
      printError("course: \(error)")
      exit(ExitCode.notPassed.rawValue)
    }
  }

  /// The first word is the command.
  private func perform(_ words: [String]) throws -> ExitCode {
    // Everything after `run` belongs to the reader's program, `--help` too.
    if words.first != "run", words.contains("--help") || words.contains("-h") || words == ["help"] {
      print(Help.text)
      return .passed
    }
    if words == ["--version"] {
      print(versionLine(of: "course"))
      return .passed
    }
    let desk = Desk(try Workshop.find())
    let arguments = { try CommandLineWords(words, desk) }
    switch words.first {
    case "check" where words.contains("--server") || words.contains("--as"):
      return try ownServer(arguments(), desk)
    case "run": return try RunCommand(desk).perform(options: Array(words.dropFirst()))
    case "predict": return try predict(words, desk)
    case "build", "diff", "take": return try build(arguments(), desk)
    case "cluster":
      try arguments().expectNothing()
      return try ClusterCommand(desk).perform()
    case nil, "list", "next", "check", "watch", "hint", "skip", "reset", "solution", "doctor":
      return try learn(arguments(), desk)
    case let word?: throw UsageError("there is no command '\(word)'")
    }
  }

  /// The commands about the steps.
  private func build(_ words: CommandLineWords, _ desk: Desk) throws -> ExitCode {
    switch words.command {
    case "diff": return try DiffCommand(desk).perform(words.step())
    case "take": return try TakeCommand(desk).perform(words.step())
    default: return try BuildCommand(desk).perform(words.namedStep())
    }
  }

  private func learn(_ words: CommandLineWords, _ desk: Desk) throws -> ExitCode {
    switch words.command {
    case "next": return try NextCommand(desk).perform(words.namedExercise())
    case "check": return try CheckCommand(desk).perform(words.lesson())
    case "watch": return try WatchCommand(desk).perform(words.lesson())
    case "hint": return try HintCommand(desk).perform(words.lesson())
    case "skip": return try SkipCommand(desk).perform(words.lesson())
    case "reset": return try ResetCommand(desk).perform(words.wantedExercise())
    case "solution":
      let hasGivenUp = words.has("--give-up")
      return try SolutionCommand(desk).perform(words.wantedLesson(), hasGivenUp: hasGivenUp)
    case "doctor":
      try words.expectNothing()
      return try DoctorCommand(workshop: desk.workshop).perform()
    default:
      try words.expectNothing()
      return try ListCommand(desk).perform()
    }
  }

  private func predict(_ words: [String], _ desk: Desk) throws -> ExitCode {
    let end = words.firstIndex(of: "--answer") ?? words.endIndex
    let exercise = try CommandLineWords(Array(words[..<end]), desk).exercise()
    return try PredictCommand(desk).perform(exercise, answers: Array(words[end...].dropFirst()))
  }

  /// `check 1c --server COMMAND` for a step, and without a step for a whole server; `--as` without a
  /// command is about the reader's program.
  private func ownServer(_ words: CommandLineWords, _ desk: Desk) throws -> ExitCode {
    let command =
      try words.has("--server") ? words.value(of: "--server") : RunCommand(desk).program().path
    if let lesson = try words.named() {
      guard case .step(let step) = lesson else {
        throw UsageError("--server is for steps and whole servers; \(lesson.number) is an exercise")
      }
      return try StepCheckCommand(desk).perform(step, .command(command))
    }
    if words.has("--as") {
      let role = try words.value(of: "--as")
      return try ConformanceCommand(command: command, as: role, desk.workshop).perform(desk)
    }
    let level = words.has("--level") ? try words.value(of: "--level") : nil
    return try LadderCommand(desk, command: command).perform(only: level)
  }
}
