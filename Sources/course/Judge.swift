import Foundation

/// Compiles a file with its check and lets it run, in a process of its own.
struct Judge {
  /// Seconds without a word after which a check is ended. The kit's watchdog is faster, unless the learner's code
  /// has taken it down as well.
  private static let silence: Int32 = 60

  let compiler: Compiler
  /// Where the servers' executables are.
  let servers: URL

  init(_ workshop: Workshop, servers: URL) throws {
    compiler = try Compiler(workshop)
    self.servers = servers
  }

  func judge(_ file: URL, for exercise: Exercise) throws -> Verdict {
    let folder = try TemporaryFolder(in: compiler.workshop.build)
    let program = folder.url.appending(path: "check")
    return try prepare(file, for: exercise, as: program) ?? run(program)
  }

  func judge(_ guess: Guess, for exercise: Exercise) throws -> Verdict {
    let folder = try TemporaryFolder(in: compiler.workshop.build)
    let program = folder.url.appending(path: "measure")
    return try prepareMeasurement(for: exercise, as: program) ?? run(program, guess)
  }

  /// Makes the program; a verdict where there is none to be made.
  func prepare(_ file: URL, for exercise: Exercise, as program: URL) throws -> Verdict? {
    let text = try String(contentsOf: file, encoding: .utf8)
    let code = text.replacing(/\/\/.*/, with: "")
    if let word = exercise.forbidden.first(where: { code.contains($0) }) {
      return .forbidden(word)
    }
    return try compiler.compile(exercise.check, with: file, into: program)
      .map { .doesNotCompile($0) }
  }

  /// Makes the program that measures; of the exercise's own code where there is some, not of the learner's.
  func prepareMeasurement(for exercise: Exercise, as program: URL) throws -> Verdict? {
    try compiler.compile(
      exercise.measurement, with: exercise.hasCode ? exercise.stub : nil, into: program
    ).map { .doesNotCompile($0) }
  }

  func run(_ program: URL, _ guess: Guess = [:]) throws -> Verdict {
    var variables = ["SERVERS": servers.path]
    for (question, answer) in guess { variables["GUESS_\(question)"] = answer }
    let result = try ChildProcess.run([program.path], with: variables, silence: Self.silence)
    let report = CheckReport(result.report)
    if report.isDone && result.status == 0 {
      return guess.isEmpty ? .passed(report.parts) : .compared(report.comparisons)
    }
    return .failed(report, failure(report, result), printed: result.output)
  }

  private func failure(_ report: CheckReport, _ result: ChildProcess.Result) -> CheckReport.Failure
  {
    var failure = report.failure ?? .init(problem: "your code ended the program")
    if result.status == nil { failure.problem = "no word for \(Self.silence) seconds: it hangs" }
    if let signal = result.signal {
      let fatal = result.output.firstMatch(of: /Fatal error: (.+)/).map { String($0.output.1) }
      failure.happened = [fatal ?? String(cString: strsignal(signal))]
    }
    return failure
  }
}
