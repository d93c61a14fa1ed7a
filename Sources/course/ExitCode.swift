import Foundation

/// What a script learns.
enum ExitCode: Int32 {
  case passed = 0
  case notPassed = 1
  case usage = 2
}

/// A command line that makes no sense, in one line.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Something is not as it must be for the workshop to work, in one line.
struct CourseError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A line on standard error.
func printError(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
