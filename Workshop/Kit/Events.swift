/// What happened before a failure, in its order: system calls, or the steps of threads. The learner
/// sees the last ones.
public enum Events {
  // Unsafe only for the compiler: a check that uses several threads has one of them run at a time
  // (see ``Stage``).
  nonisolated(unsafe) private static var lines: [(text: String, times: Int)] = []
  nonisolated(unsafe) private static var heading = ""
  private static let shown = 24

  /// Forgets what was, because something new begins.
  public static func start(_ heading: String) {
    self.heading = heading
    lines = []
  }

  /// What happens again and again becomes one line.
  public static func add(_ line: String) {
    if lines.last?.text == line {
      lines[lines.count - 1].times += 1
    } else {
      lines.append((line, 1))
    }
  }

  static func report() {
    if lines.isEmpty { return }
    Report.write(.heading, heading)
    if lines.count > shown { Report.write(.item, "(\(lines.count - shown) before these)") }
    for (text, times) in lines.suffix(shown) {
      Report.write(.item, times == 1 ? text : "\(text)  (\(times) times)")
    }
  }
}
