import Foundation

/// What a step's check said about a program.
struct Verdict: CustomStringConvertible {
  let parts: [String]
  let passed: [String]
  /// The first part that failed; it is the last one that ran.
  let failed: String?
  let report: String

  var description: String { report }
  /// What the check says about the part that failed.
  var message: Substring { report.split(separator: "\n").first { $0.hasPrefix("failed ") } ?? "" }

  /// The first verdict that is as expected, of three at most, or the last: a mistake whose damage
  /// depends on which thread comes first shows in most runs, not in each.
  static func played(
    _ step: Step, _ files: [String: URL], part: String? = nil, until isExpected: (Self) -> Bool
  ) throws -> Self {
    for _ in 1...2 {
      let verdict = try Self(step, files, part: part)
      if isExpected(verdict) { return verdict }
    }
    return try Self(step, files, part: part)
  }

  /// Plays the check of a step, or one part of it, with a program.
  init(_ step: Step, _ files: [String: URL], part: String? = nil) throws {
    var variables = ["SERVERS": "/nonexistent"]
    let program = try Workbench.program(files)
    variables["PROGRAM"] = program.program.path
    variables["SOURCES"] = program.sources.path
    if let variant = step.variant {
      let merged = files.merging(variant.files) { $1 }
      variables["PROGRAM_VARIANT"] = try Workbench.program(merged, flags: variant.flags).program
        .path
    }
    if let part { variables["PART"] = part }
    let check = try Workbench.check(step)
    report = try Shell(
      ["sh", "-c", "exec \"$0\" 3>&1 >/dev/null 2>&1", check.program.path], variables: variables
    ).output
    let lines = report.split(separator: "\n")
    func all(_ tag: String) -> [String] {
      lines.filter { $0.hasPrefix(tag + " ") }.map { String($0.dropFirst(tag.count + 1)) }
    }
    let passed = all("ok")
    parts = all("part")
    failed = all("begin").last { !passed.contains($0) }
    self.passed = passed
  }
}
