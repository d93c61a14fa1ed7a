import ChildProcesses
import Foundation

/// A program that ran to its end: what it wrote, and how it ended.
struct Run {
  /// Standard output and standard error.
  let output: String
  /// What it wrote to descriptor 3.
  let report: String
  /// `nil` if it was ended because it was silent for too long.
  let exit: ChildProcess.Exit?

  var isSuccess: Bool { exit == .status(0) }

  /// The signal that ended it.
  var signal: Int32? { if case .signal(let signal) = exit { signal } else { nil } }

  /// - Parameters:
  ///   - variables: for its environment, in addition to ours.
  ///   - silence: seconds without a byte after which it is killed.
  init(_ words: [String], with variables: [String: String] = [:], silence: Int) throws {
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let outcome = try ChildProcess.run(
      words, environment: environment, silence: .seconds(silence))
    output = Files.text(outcome.output)
    report = String(decoding: outcome.report, as: UTF8.self)
    exit = outcome.exit
  }
}
