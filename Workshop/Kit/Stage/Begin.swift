extension Stage {
  /// Notes that the current thread starts something, and lets another thread run. Meant for objects
  /// that the learner's code creates and that do not know the stage, such as a list that detects
  /// when two threads use it at once.
  /// - Parameter text: what the thread does. Appears after the thread's name: "reads the list".
  public static func begin(_ text: String) {
    here.note(text)
    here.pass()
  }
}

extension Stage {
  static let wakesUpForNothing =
    "pthread_cond_wait(3) may return although no thread has sent a signal (a spurious wake-up). So "
    + "a thread that wakes up can't assume anything: it must check again, and go back to sleep if "
    + "it still has nothing to do. Write while, not if."
}
