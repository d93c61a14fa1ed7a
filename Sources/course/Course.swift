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
    switch words.first {
    case nil: return try list(desk)
    case "check": return try CheckCommand(desk).perform(exercise(named: words, in: desk))
    case "predict":
      let end = words.firstIndex(of: "--answer") ?? words.endIndex
      return try PredictCommand(desk).perform(
        exercise(named: Array(words[..<end]), in: desk), answers: Array(words[end...].dropFirst()))
    case let word?: throw UsageError("there is no command '\(word)'")
    }
  }

  /// The exercise that the second word names; there must be no third one.
  private func exercise(named words: [String], in desk: Desk) throws -> Exercise {
    guard words.count == 2 else { throw UsageError("\(words[0]) wants an exercise, such as 1.1") }
    return try desk.workshop.exercise(words[1])
  }

  static let help = """
    The workshop of Five Ways to Wait.

    usage: course                the exercises, and what is done
           course check N.M      checks your solution
           course predict N.M    asks what you expect, then measures it
             --answer TEXT …     the answers, one for each question

    Your files are in Exercises/, and are the only ones you edit.

    exit status: 0 passed; 1 not passed; 2 usage
    """
}
