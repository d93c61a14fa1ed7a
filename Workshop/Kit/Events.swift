/// What happened before a failure, in its order: system calls, or the steps of threads. The learner sees the last ones.
public enum Events {
  // Unsafe only for the compiler: a check that uses several threads has one of them run at a time (see ``Stage``).
  nonisolated(unsafe) private static var lines: [String] = []
  nonisolated(unsafe) private static var heading = ""
  private static let shown = 24

  /// Forgets what was, because something new begins.
  public static func start(_ heading: String) {
    self.heading = heading
    lines = []
  }

  public static func add(_ line: String) { lines.append(line) }

  static func report() {
    if lines.isEmpty { return }
    Report.write(.heading, heading)
    if lines.count > shown { Report.write(.item, "(\(lines.count - shown) before these)") }
    for line in lines.suffix(shown) { Report.write(.item, line) }
  }
}
