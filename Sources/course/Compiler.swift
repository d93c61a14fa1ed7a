import Foundation

/// Makes a program of a check and what it checks.
struct Compiler {
  /// As the servers are compiled; whole modules, because for two small files that is three times as fast.
  static let mode = [
    "-swift-version", "6", "-enable-upcoming-feature", "NonisolatedNonsendingByDefault", "-wmo",
    "-diagnostic-style", "llvm",
  ]

  let workshop: Workshop
  let kit: Kit

  init(_ workshop: Workshop) throws {
    self.workshop = workshop
    kit = try Kit(workshop)
  }

  /// - Returns: what the compiler has to say where the two do not compile; otherwise `nil`.
  func compile(_ check: URL, with file: URL?, into program: URL) throws -> String? {
    let result = try ChildProcess.run(
      ["swiftc"] + Self.mode + [
        "-parse-as-library", "-module-name", "Exercise", "-I", kit.folder.path, "-L",
        kit.folder.path, "-lKit", "-o", program.path, check.path,
      ] + [file].compactMap { $0?.path }, silence: 300)
    return result.status == 0 ? nil : errors(in: result.output, of: file ?? check)
  }

  /// The errors in the learner's file, with the lines they point at. Where there are none, the file does not fit
  /// the check that calls it.
  private func errors(in output: String, of file: URL) -> String {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    let inFile = diagnostics(lines) { $0.hasPrefix(file.path + ":") && $0.contains(": error: ") }
    if !inFile.isEmpty { return shortened(inFile) }
    let elsewhere = diagnostics(lines) { $0.contains(": error: ") || $0.hasPrefix("error: ") }
    return "The check cannot use your code. Names and types of the stub have to stay as they are:\n"
      + shortened(elsewhere.isEmpty ? lines : elsewhere)
  }

  /// A diagnostic is its first line and what follows up to the next one.
  private func diagnostics(_ lines: [Substring], where isWanted: (Substring) -> Bool) -> [Substring]
  {
    var isInside = false
    return lines.filter { line in
      if line.contains(#/^(/.+:\d+:\d+: )?(error|warning|note): /#) { isInside = isWanted(line) }
      return isInside && !line.isEmpty
    }
  }

  private func shortened(_ lines: [Substring]) -> String {
    lines.prefix(24).joined(separator: "\n").replacing(workshop.root.path + "/", with: "")
  }
}
