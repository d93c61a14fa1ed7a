import Foundation

/// Compiles a file with its check and lets it run, in a process of its own.
struct Judge {
  /// Seconds without a word after which a check is ended. The kit's watchdog is faster, unless the learner's code
  /// has taken it down as well.
  private static let silence: Int32 = 60

  let compiler: Compiler

  init(_ workshop: Workshop) throws { compiler = try Compiler(workshop) }

  func judge(_ file: URL, for exercise: Exercise) throws -> Verdict {
    let build = compiler.workshop.root.appending(path: ".build/course")
    let folder = try TemporaryFolder(in: build)
    let program = folder.url.appending(path: "check")
    return try prepare(file, for: exercise, as: program) ?? run(program)
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

  func run(_ program: URL) throws -> Verdict {
    let result = try ChildProcess.run([program.path], silence: Self.silence)
    let report = CheckReport(result.report)
    if report.isDone && result.status == 0 { return .passed(report.parts) }
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
