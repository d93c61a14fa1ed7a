import Foundation

@testable import course

/// The result of a step's check of a program.
struct Verdict: CustomStringConvertible {
  let report: CheckReport
  /// What the compiler said, if there was no program.
  private(set) var errors = ""

  var parts: [String] { report.parts }
  var passed: [String] { parts.filter(report.passed.contains) }
  /// The first part that failed; it is the last one that ran.
  var failed: String? { report.isDone ? nil : report.current }
  /// What the check says about that part.
  var message: String { report.failure?.problem ?? "" }
  var description: String { errors.isEmpty ? "\(report)" : errors }

  /// The first verdict that is as expected, of three at most, or the last one: a mistake whose
  /// damage depends on which thread comes first shows in most runs, not in each.
  static func played(
    _ step: Step, _ program: Candidate, part: String? = nil, until isExpected: (Self) -> Bool
  ) throws -> Self {
    for _ in 1...2 {
      let verdict = try Self(step, program, part: part)
      if isExpected(verdict) { return verdict }
    }
    return try Self(step, program, part: part)
  }

  /// Runs the check of a step, or one part of it, with a program.
  init(_ step: Step, _ program: Candidate, part: String? = nil) throws {
    let check = try Workbench.check(of: step)
    switch try Workbench.prepare(program, for: step) {
    case .errors(let errors): (report, self.errors) = (CheckReport(""), errors)
    case .variables(var variables, _):
      if let part { variables["PART"] = part }
      report = try Judge.report(of: check.program, variables)
    }
  }
}

/// Compiles as the runner does, and everything only once.
enum Workbench {
  static let judge = Result { try StepJudge(Step.workshop) }
  private static let checks = Memo<(program: URL, warnings: String)>()
  private static let programs = Memo<StepJudge.Prepared>()

  static func check(of step: Step) throws -> (program: URL, warnings: String) {
    try checks.value(step.number) {
      let (result, warnings) = try judge.get().compiler.compileCheck([step.check])
      switch result {
      case .program(let program): return (program, warnings)
      case .errors(let errors): throw CourseError("\(step)'s check does not compile:\n\(errors)")
      }
    }
  }

  /// - Parameter step: the step whose check will run; it may need a second build.
  static func prepare(_ program: Candidate, for step: Step) throws -> StepJudge.Prepared {
    try programs.value("\(program.name) \(step.flags)") {
      try judge.get().prepare(.folder(program.folder()), for: step)
    }
  }
}
