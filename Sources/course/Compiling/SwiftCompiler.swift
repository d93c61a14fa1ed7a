import Foundation

/// The Swift compiler that is first in `PATH`.
struct SwiftCompiler {
  /// As the servers are compiled; whole modules, because that is three times as fast for a few
  /// small files. With line tables, a crash reports its file and line. More debug information would
  /// make compiling a fifth slower.
  static let mode = [
    "-swift-version", "6", "-enable-upcoming-feature", "NonisolatedNonsendingByDefault", "-wmo",
    "-gline-tables-only", "-parse-as-library", "-diagnostic-style", "llvm",
  ]

  /// Part of what a compiled program depends on.
  let version: String

  init() throws {
    let result = try Run(["swiftc", "--version"], silence: 60)
    guard result.isSuccess else { throw CourseError("swiftc --version: \(result.output)") }
    version = result.output
  }

  /// Compiles one module.
  /// - Returns: the compiler's messages, and whether there is a program now.
  func compile(_ arguments: [String]) throws -> (messages: Diagnostics, isDone: Bool) {
    let result = try Run(["swiftc"] + Self.mode + arguments, silence: 300)
    return (Diagnostics(result.output), result.isSuccess)
  }
}
