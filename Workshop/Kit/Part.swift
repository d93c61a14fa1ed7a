import Glibc

/// One property that the learner's code must have, with a title that says which.
///
/// The parts of a check run one after the other, and the first one that fails is the last one that runs: a learner
/// repairs one thing at a time.
public struct Part: Sendable {
  let title: String
  let deadline: Duration
  let body: @Sendable () async -> Void

  /// - Parameter deadline: how long it may take at most. It is there for code that hangs, and is paid only then, so it
  ///   is generous.
  public init(
    _ title: String, deadline: Duration = .seconds(10),
    _ body: @escaping @Sendable () async -> Void
  ) {
    self.title = title
    self.deadline = deadline
    self.body = body
  }
}

/// What a `Check.swift` declares, marked `@main`: the parts, in the order in which a learner should meet them.
public protocol Checks {
  static var parts: [Part] { get }
}

extension Checks {
  @MainActor public static func main() async {
    printLineByLine()
    limitMemory()
    reportCrashes()
    // The tests of the steps play one part at a time, because a failure ends the check.
    let only = getenv("PART").map { String(cString: $0) }
    let parts = parts.filter { only ?? $0.title == $0.title }
    for part in parts { Report.write(.part, part.title) }
    for part in parts {
      let watchdog = Watchdog(part)
      Report.write(.begin, part.title)
      await part.body()
      watchdog.end()
      Report.write(.ok, part.title)
    }
    Report.write(.done, "")
  }
}
