import ChildProcesses
import Glibc

/// A program that a test started: its output, line by line, and its end.
final class TestedProgram: Sendable {
  let process: ChildProcess
  let standardOutput: ProgramOutput
  let standardError: ProgramOutput

  /// - Parameter printsToTerminal: most languages print each line at once only if their output is a terminal.
  init(executable: String, arguments: [String], printsToTerminal: Bool = false) throws {
    let output = try printsToTerminal ? OutputPipe(terminal: ()) : OutputPipe()
    let errors = try OutputPipe()
    process = try ChildProcess(
      [executable] + arguments,
      descriptors: [STDOUT_FILENO: output.writer, STDERR_FILENO: errors.writer])
    for pipe in [output, errors] { pipe.closeWriter() }
    (standardOutput, standardError) = (ProgramOutput(output), ProgramOutput(errors))
  }

  var pid: pid_t { process.identifier }
  var isRunning: Bool { !process.hasEnded }

  func send(signal: Int32) { process.send(signal: signal) }

  /// Waits until it ends by itself (its output ends with it), and throws if it never does.
  func waitForExit() throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
    let output = try standardOutput.readToEnd()
    let errors = try standardError.readToEnd()
    return (process.wait(), output, errors)
  }
}
