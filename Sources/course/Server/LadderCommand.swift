import Foundation

/// `course check --server COMMAND`: level by level, up to the first thing that does not hold.
struct LadderCommand {
  /// The page that lists what each level requires.
  static let page = "docs/own-server.md"

  private let desk: Desk
  private let command: String
  private let style = Style.standardOutput

  init(_ desk: Desk, command: String) { (self.desk, self.command) = (desk, command) }

  /// - Parameter only: the number or the name of a single level.
  func perform(only: String? = nil) throws -> ExitCode {
    let all = try desk.workshop.levels()
    let levels = all.filter { only == nil || only == $0.name || only == "\($0.number)" }
    if levels.isEmpty {
      throw UsageError("there is no level '\(only ?? "")', only \(list(all))")
    }
    guard try climb(levels) else { return .notPassed }
    if only == nil { print("\n" + style.good("Your server passes all levels.")) }
    return .passed
  }

  /// Returns false at the first level that does not hold.
  /// - Parameter isSilent: does not print the levels that hold.
  func climb(_ levels: [Level], isSilent: Bool = false) throws -> Bool {
    let compiler = try StepCompiler(desk.workshop)
    for level in levels {
      let check = try compiler.check(level.sources)
      let verdict = try Judge.run(check, ["PROGRAM_COMMAND": command])
      guard case .passed(let report) = verdict else {
        print(style.bad("✗ ") + style.strong("Level \(level)") + "\n")
        print(verdict.text(style) + "\n")
        print("This is the next thing to do. The requirements of each level: \(Self.page)")
        return false
      }
      if !isSilent {
        print(style.good("✓ ") + "Level \(level): \(report.parts.count) of \(report.parts.count)")
        fflush(nil)
      }
    }
    return true
  }

  private func list(_ levels: [Level]) -> String {
    levels.map { "\($0.number) (\($0.name))" }.joined(separator: ", ")
  }
}
