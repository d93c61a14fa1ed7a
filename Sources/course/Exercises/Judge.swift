import Foundation

/// Compiles a file with its check and runs the result as a separate process.
struct Judge {
  /// The number of seconds without output after which a check is killed. The kit's watchdog is
  /// faster, unless the learner's code has stopped the watchdog too.
  private static let silence = 60

  let compiler: ExerciseCompiler
  /// The folder with the servers' executables.
  let servers: URL

  init(_ workshop: Workshop, servers: URL) throws {
    compiler = try ExerciseCompiler(workshop)
    self.servers = servers
  }

  func judge(_ file: URL, for exercise: Exercise) throws -> Verdict {
    switch try prepare(file, for: exercise) {
    case .verdict(let verdict): verdict
    case .program(let program): try run(program, with: file)
    }
  }

  func judge(_ guess: Guess, for exercise: Exercise) throws -> Verdict {
    switch try prepareMeasurement(for: exercise) {
    case .verdict(let verdict): verdict
    case .program(let program): try run(program, guess)
    }
  }

  /// A program to run, or a verdict if there is none.
  enum Prepared {
    case program(URL)
    case verdict(Verdict)

    init(_ compiled: Compiled) {
      switch compiled {
      case .program(let program): self = .program(program)
      case .errors(let errors): self = .verdict(.doesNotCompile(errors))
      }
    }
  }

  func prepare(_ file: URL, for exercise: Exercise) throws -> Prepared {
    let code = SwiftSource(try Files.text(of: file)).code
    if let word = exercise.forbidden.first(where: { code.contains($0) }) {
      return .verdict(.forbidden(word))
    }
    return Prepared(try compiler.program(exercise.check, with: file))
  }

  /// Compiles the measurement with the exercise's own code if there is some, not with the
  /// learner's.
  func prepareMeasurement(for exercise: Exercise) throws -> Prepared {
    Prepared(
      try compiler.program(
        exercise.measurement, with: exercise.hasCode ? exercise.stub : nil))
  }

  /// - Parameter file: the learner's, which the program contains: a crash names its line.
  func run(_ program: URL, _ guess: Guess = [:], with file: URL? = nil) throws -> Verdict {
    var variables = ["SERVERS": servers.path, "SWIFT_BACKTRACE": Backtrace.options]
    for (question, answer) in guess { variables["GUESS_\(question)"] = answer }
    let verdict = try Self.run(program, variables)
    guard case .failed(let report, var failure, let printed) = verdict else { return verdict }
    let backtrace = Backtrace(in: printed)
    if let file, let line = backtrace.line(in: file) {
      failure.happened.append("at \(compiler.workshop.relative(file)):\(line)")
    }
    return .failed(report, failure, printed: backtrace.before)
  }

  /// What a check reports about itself.
  static func report(of program: URL, _ variables: [String: String]) throws -> CheckReport {
    CheckReport(try Run([program.path], with: variables, silence: silence).report)
  }

  /// - Parameter later: parts that do not run now, with the step that they belong to.
  static func run(
    _ program: URL, _ variables: [String: String], later: [String: String] = [:]
  ) throws -> Verdict {
    let result = try Run([program.path], with: variables, silence: silence)
    var report = CheckReport(result.report)
    report.later = later
    if report.isDone && result.isSuccess {
      return report.comparisons.isEmpty ? .passed(report) : .compared(report.comparisons)
    }
    return .failed(report, failure(report, result), printed: result.output)
  }

  private static func failure(
    _ report: CheckReport, _ result: Run
  ) -> CheckReport.Failure {
    var failure = report.failure ?? .init(problem: "your code ended the program")
    if report.failure == nil, case .status(let status) = result.exit {
      failure.explanation = [
        "It called exit, or closed descriptor 3, which the check needs for its report."
      ]
      failure.happened = ["exit status \(status)"]
    }
    if result.exit == nil { failure.problem = "no output for \(silence) seconds: it hangs" }
    if let signal = result.signal {
      let fatal = result.output.firstMatch(of: /Fatal error: (.+)/).map { String($0.output.1) }
      failure.happened = [fatal ?? String(cString: strsignal(signal))]
    }
    return failure
  }
}
