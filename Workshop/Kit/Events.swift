/// The events before a failure, in order: system calls, or the steps of threads. The learner sees
/// the last few.
public enum Events {
  // Safe, although the compiler cannot know it: if a check uses several threads, only one of them
  // runs at a time (see ``Stage``).
  nonisolated(unsafe) private static var lines: [(text: String, times: Int)] = []
  nonisolated(unsafe) private static var heading = ""
  private static let shown = 24

  /// Starts a new list and discards the old one.
  public static func start(_ heading: String) {
    self.heading = heading
    lines = []
  }

  /// Adds a line. If the same event happens many times in a row, the list shows it once, with a
  /// count.
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
    if lines.count > shown { Report.write(.item, "(\(lines.count - shown) more before these)") }
    for (text, times) in lines.suffix(shown) {
      Report.write(.item, times == 1 ? text : "\(text)  (\(times) times)")
    }
  }
}
