extension Stage {
  /// The thread that runs begins something, and another thread may come between. For fakes that a
  /// learner's code makes by itself, such as a list that notices when two threads are in it: they
  /// do not know the stage.
  /// - Parameter text: what it does, after its name: "reads the list".
  public static func begin(_ text: String) {
    here.note(text)
    here.pass()
  }
}

extension Stage {
  static let wakesUpForNothing =
    "pthread_cond_wait(3) may return although no thread has sent a signal (a spurious wake-up). A "
    + "thread that is awake "
    + "therefore knows nothing yet: it has to make the same test again, and sleep again if what "
    + "it waits for is not there. "
    + "while, not if."
}
