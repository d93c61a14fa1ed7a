import Foundation

/// The workshop's runner: lists the exercises, checks what the learner has written, and helps.
@main
struct Course {
  static func main() {
    do {
      let status = try Course().perform(Array(CommandLine.arguments.dropFirst()))
      exit(status.rawValue)
    } catch let error as UsageError {
      printError("course: \(error) (try --help)")
      exit(ExitCode.usage.rawValue)
    } catch {
      printError("course: \(error)")
      exit(ExitCode.notPassed.rawValue)
    }
  }

  /// The first word chooses.
  private func perform(_ words: [String]) throws -> ExitCode {
    if words.contains("--help") || words.contains("-h") || words == ["help"] {
      print(Self.help)
      return .passed
    }
    let desk = Desk(try Workshop.find())
    let exercise = { try self.exercise(named: words, in: desk) }
    switch words.first {
    case nil, "list": return try list(desk)
    case "next": return try showNext(desk)
    case "check" where words.contains("--server"): return try conformance(words, desk)
    case "check": return try CheckCommand(desk).perform(exercise())
    case "watch": return try WatchCommand(desk: desk).perform(exercise())
    case "predict": return try predict(words, desk)
    case "hint": return try hint(exercise(), desk)
    case "reset": return try reset(exercise(), desk)
    case "solution": return try solution(words, desk)
    case "doctor": return try Doctor(workshop: desk.workshop).examine()
    case let word?: throw UsageError("there is no command '\(word)'")
    }
  }

  private func predict(_ words: [String], _ desk: Desk) throws -> ExitCode {
    let end = words.firstIndex(of: "--answer") ?? words.endIndex
    return try PredictCommand(desk).perform(
      exercise(named: Array(words[..<end]), in: desk), answers: Array(words[end...].dropFirst()))
  }

  private func conformance(_ words: [String], _ desk: Desk) throws -> ExitCode {
    guard words.count == 5, words[1] == "--server", words[3] == "--as" else {
      throw UsageError("check --server COMMAND --as 03")
    }
    let command = try ConformanceCommand(command: words[2], chapter: words[4])
    ChildProcess.endWithUs()
    print("building the tests, which takes a few minutes for the first time\n")
    fflush(nil)
    let result = try ChildProcess.run(
      ["swift", "build", "--package-path", desk.workshop.root.path, "--build-tests"], silence: 1200)
    if result.status != 0 { throw CourseError("swift build failed:\n\(result.output)") }
    return try command.perform(desk)
  }

  private func solution(_ words: [String], _ desk: Desk) throws -> ExitCode {
    let rest = words.filter { $0 != "--give-up" }
    return try showSolution(
      exercise(named: rest, in: desk), desk, hasGivenUp: rest.count < words.count)
  }

  /// The exercise that the second word names, or the next one; there must be no third word.
  private func exercise(named words: [String], in desk: Desk) throws -> Exercise {
    if words.count == 1, let next = try desk.next() { return next }
    guard words.count == 2 else { throw UsageError("\(words[0]) wants an exercise, such as 1.1") }
    return try desk.workshop.exercise(words[1])
  }

  static let help = """
    The workshop of Five Ways to Wait.

    usage: course [list]           the exercises, and what is done
           course next             what to do now
           course check [N.M]      checks your solution
           course watch [N.M]      checks it whenever you save
           course check --server COMMAND --as 03
                                   the book's tests for chapter 3, against your own program
           course predict [N.M]    asks what you expect, then measures it
             --answer TEXT …       the answers, one for each question
           course hint [N.M]       a hint, and each time one more
           course solution N.M     a solution, when you have one, or --give-up
           course reset N.M        begin anew; your file is kept as a backup
           course doctor           whether this machine has what it takes

    Without N.M it is the first exercise that is not done. Your files are in Exercises/, and are the only ones you edit.

    exit status: 0 passed; 1 not passed; 2 usage
    """
}
