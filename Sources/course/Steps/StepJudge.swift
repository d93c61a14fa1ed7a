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

  /// What a check is told about the program, as variables of its environment.
  enum Prepared {
    case variables([String: String], warnings: String)
    case errors(String)
  }

  let workshop: Workshop
  let compiler: StepCompiler

  init(_ workshop: Workshop) throws {
    self.workshop = workshop
    compiler = try StepCompiler(workshop)
  }

  /// - Returns: the verdict, and the compiler's warnings about the reader's program.
  func judge(_ subject: Subject, for step: Step) throws -> (verdict: Verdict, warnings: String) {
    switch try prepare(subject, for: step) {
    case .errors(let errors): (.doesNotCompile(errors), "")
    case .variables(let variables, let warnings): (try run(step, variables), warnings)
    }
  }

  /// Compiles the program, twice if the step wants a second build of it.
  func prepare(_ subject: Subject, for step: Step) throws -> Prepared {
    switch subject {
    case .command(let command):
      return .variables(["PROGRAM_COMMAND": command], warnings: "")
    case .folder(let folder):
      let first = try build(folder)
      guard case .program(let program) = first.result else { return Prepared(first.result) }
      var variables = ["PROGRAM": program.path, "SOURCES": folder.path]
      if !step.flags.isEmpty, case .program(let variant) = try build(folder, step.flags).result {
        variables["PROGRAM_VARIANT"] = variant.path
      }
      return .variables(variables, warnings: first.warnings)
    }
  }

  private func build(_ folder: URL, _ flags: [String] = []) throws -> StepCompiler.Outcome {
    try StepCompiler.program(in: folder, flags: flags, workshop, compiler.kit.compiler)
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

extension StepJudge.Prepared {
  /// For a program that does not compile.
  init(_ compiled: Compiled) {
    if case .errors(let errors) = compiled { self = .errors(errors) } else { self = .errors("") }
  }
}
