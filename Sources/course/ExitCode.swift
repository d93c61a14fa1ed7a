import Foundation

/// The exit status, for scripts.
enum ExitCode: Int32 {
  case passed = 0
  case notPassed = 1
  case usage = 2
}

/// An error for a command line that makes no sense, described in one line.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// An error for anything else that keeps the workshop from working, described in one line.
struct CourseError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Prints a line to standard error.
func printError(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
