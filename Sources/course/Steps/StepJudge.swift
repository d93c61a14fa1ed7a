import Dispatch
import Foundation
import Synchronization

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
      let builds = try builds(of: folder, step.flags.isEmpty ? [[]] : [[], step.flags])
      guard case .program(let program) = builds[0].result else { return Prepared(builds[0].result) }
      var variables = ["PROGRAM": program.path, "SOURCES": folder.path]
      if builds.count > 1, case .program(let variant) = builds[1].result {
        variables["PROGRAM_VARIANT"] = variant.path
      }
      return .variables(variables, warnings: builds[0].warnings)
    }
  }

  /// Compiles the program with each of these lists of flags, all at the same time: the compiler
  /// uses one core for a small program.
  private func builds(of folder: URL, _ flags: [[String]]) throws -> [StepCompiler.Outcome] {
    let outcomes = Mutex<[Int: Result<StepCompiler.Outcome, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: flags.count) { index in
      let outcome = Result {
        try StepCompiler.program(
          in: folder, flags: flags[index], workshop, compiler.kit.compiler)
      }
      outcomes.withLock { $0[index] = outcome }
    }
    return try outcomes.withLock { outcomes in try flags.indices.map { try outcomes[$0]!.get() } }
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
