import Glibc

/// One property that the learner's code must have, with a title that names it.
///
/// The parts of a check run in order, and the check ends when the first one fails, so a learner
/// fixes one thing at a time.
public struct Part: Sendable {
  let title: String
  let deadline: Duration
  let body: @Sendable () async -> Void

  /// - Parameter deadline: the longest time that the part may take. It is generous, because only
  ///   code that hangs uses it up.
  public init(
    _ title: String, deadline: Duration = .seconds(10),
    _ body: @escaping @Sendable () async -> Void
  ) {
    self.title = title
    self.deadline = deadline
    self.body = body
  }
}

/// The protocol of the `@main` type in a `Check.swift`, which lists the check's parts in the order
/// in which a learner should meet them.
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

  /// Returns whether a part should run. Without `PART` in the environment, all parts run. With it,
  /// only the parts that it names run. It has one title on each line.
  private static func isWanted(_ part: Part) -> Bool {
    guard let titles = getenv("PART") else { return true }
    return String(cString: titles).split(separator: "\n").contains { $0 == part.title }
  }
}
