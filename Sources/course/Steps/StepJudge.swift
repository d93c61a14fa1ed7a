import Foundation

/// Lets a step's check drive a program, and says what it found.
struct StepJudge {
  /// The program to check.
  enum Subject {
    /// Swift files in a folder.
    case folder(URL)
    /// A command line in any language.
    case command(String)
  }

  private let workshop: Workshop
  private let compiler: StepCompiler

  init(_ workshop: Workshop) throws {
    self.workshop = workshop
    compiler = try StepCompiler(workshop)
  }

  /// - Returns: the verdict, and the compiler's warnings about the reader's program.
  func judge(_ subject: Subject, for step: Step) throws -> (verdict: Verdict, warnings: String) {
    var variables: [String: String]
    var warnings = ""
    switch subject {
    case .command(let command): variables = ["PROGRAM_COMMAND": command]
    case .folder(let folder):
      let build = { flags in
        try StepCompiler.program(in: folder, flags: flags, workshop, compiler.kit.compiler)
      }
      let first = try build([])
      warnings = first.warnings
      guard case .program(let program) = first.result else { return (verdict(first.result), "") }
      variables = ["PROGRAM": program.path, "SOURCES": folder.path]
      if !step.flags.isEmpty, case .program(let variant) = try build(step.flags).result {
        variables["PROGRAM_VARIANT"] = variant.path
      }
    }
    return (try run(step, variables), warnings)
  }

  private func verdict(_ compiled: Compiled) -> Verdict {
    guard case .errors(let errors) = compiled else { return .doesNotCompile("") }
    return .doesNotCompile(errors)
  }

  /// Runs the parts that this step's own program passes; the others are for later steps.
  private func run(_ step: Step, _ variables: [String: String]) throws -> Verdict {
    let check = try compiler.check(step)
    let all = try Judge.report(of: check, ["PART": ""]).parts
    if let unknown = step.stillFails.keys.first(where: { !all.contains($0) }) {
      throw CourseError("\(step.number)'s check has no part '\(unknown)'")
    }
    let now = all.filter { step.stillFails[$0] == nil }
    return try Judge.run(
      check, variables.merging(["PART": now.joined(separator: "\n")]) { $1 },
      later: step.stillFails)
  }
}
