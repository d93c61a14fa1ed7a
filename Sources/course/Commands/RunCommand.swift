import Foundation

/// `course run [OPTION …]`: compiles the reader's program and becomes it.
struct RunCommand {
  let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  /// - Parameter options: passed to the program.
  func perform(options: [String]) throws -> ExitCode { throw try start(program(), options) }

  /// The reader's program, compiled.
  func program() throws -> URL {
    if try desk.server.isEmpty {
      throw CourseError("there is no program in \(MyServer.name)/ yet: swift run course build")
    }
    try CompilationDatabase(desk).updateServer()
    let (result, warnings) = try StepCompiler.program(
      in: desk.server.folder, desk.workshop, SwiftCompiler())
    switch result {
    case .errors(let errors): throw CourseError("it does not compile\n\n" + errors)
    case .program(let program):
      if !warnings.isEmpty { printError(warnings) }
      return program
    }
  }

  /// Replaces this process, so that Ctrl-C and the terminal are the program's. Returns only if that
  /// fails.
  private func start(_ program: URL, _ options: [String]) throws -> FileError {
    var words = ([program.path] + options).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    fflush(nil)
    Interruption.restore()
    execv(program.path, &words)
    return FileError("start", program.path)
  }
}
