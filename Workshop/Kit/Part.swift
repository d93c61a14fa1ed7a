import Glibc

/// One property that the learner's code must have, with a title that says which.
///
/// The parts of a check run one after the other, and the first one that fails is the last one that
/// runs: a learner repairs one thing at a time.
public struct Part: Sendable {
  let title: String
  let deadline: Duration
  let body: @Sendable () async -> Void

  /// - Parameter deadline: how long it may take at most. It is there for code that hangs, and is
  ///   paid only then, so it is generous.
  public init(
    _ title: String, deadline: Duration = .seconds(10),
    _ body: @escaping @Sendable () async -> Void
  ) {
    self.title = title
    self.deadline = deadline
    self.body = body
  }
}

/// What a `Check.swift` declares, marked `@main`: the parts, in the order in which a learner should
/// meet them.
public protocol Checks {
  static var parts: [Part] { get }
}

extension Checks {
  @MainActor public static func main() async {
    printLineByLine()
    limitMemory()
    Crash.report()
    for part in parts { Report.write(.part, part.title) }
    for part in parts where isWanted(part) {
      let watchdog = Watchdog(part)
      Report.write(.begin, part.title)
      await part.body()
      watchdog.end()
      Report.write(.ok, part.title)
    }
    Crash.isDone = true
    Report.write(.done, "")
  }

  /// Without `PART` in the environment all parts run; with it those that it names, one on each
  /// line.
  private static func isWanted(_ part: Part) -> Bool {
    guard let titles = getenv("PART") else { return true }
    return String(cString: titles).split(separator: "\n").contains { $0 == part.title }
  }
}
