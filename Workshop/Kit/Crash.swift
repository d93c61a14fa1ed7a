@preconcurrency import Glibc

/// Reports how the learner's code ended the program: it crashed, ran out of stack, or called exit.
public enum Crash {
  // Safe, although the compiler cannot know it: the check sets this, and the check's only thread
  // reads it in a crash.
  /// The explanation to show if the learner's code crashes from here on.
  nonisolated(unsafe) public static var explanation = ""
  /// Whether the check has finished.
  nonisolated(unsafe) static var isDone = false
  /// Each signal's previous action. With `SWIFT_BACKTRACE`, that is Swift's own handler, which
  /// prints where the crash happened.
  nonisolated(unsafe) private static var previous: [sigaction] = Array(
    repeating: sigaction(), count: 32)

  /// Reports a crash to `course`, along with the events before it. Swift's own message appears on
  /// standard error, because Swift's handlers run after this one.
  static func report() {
    prepareThread()
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        sigaction(signal, &Crash.previous[Int(signal)], nil)
        Crash.tell(signal)
        raise(signal)
      }
      action.sa_flags = SA_ONSTACK
      sigaction(signal, &action, &previous[Int(signal)])
    }
    atexit { if !Crash.isDone { Crash.tellOfExit() } }
  }

  /// Gives this thread a second stack (sigaltstack(2)): if the first one is full, the signal
  /// handler runs on the second.
  static func prepareThread() {
    let size = 64 * 1024
    var stack = stack_t(
      ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0,
      ss_size: size)
    sigaltstack(&stack, nil)
  }

  private static func tell(_ signal: Int32) {
    if signal == SIGSEGV && isRecursion {
      Report.write(.failed, "your code keeps calling itself, and the thread's stack is full")
      Report.write(
        .explanation,
        "A call keeps its place on the stack until it returns. A function that waits by calling "
          + "itself again fills up the stack; a loop does not.")
    } else {
      Report.write(.failed, "your code crashed")
    }
    if !explanation.isEmpty { Report.write(.explanation, explanation) }
    Events.report()
  }

  /// Whether the same return address appears on the stack many times.
  private static var isRecursion: Bool {
    typealias Backtrace = @convention(c) (UnsafeMutablePointer<UInt>, Int32) -> Int32
    guard let backtrace: Backtrace = gnuFunction("backtrace") else { return false }
    var frames = [UInt](repeating: 0, count: 200)
    let addresses = frames.prefix(Int(backtrace(&frames, 200)))
    return addresses.contains { address in addresses.count { $0 == address } >= 20 }
  }

  private static func tellOfExit() {
    Report.write(.failed, "your code ended the whole program: it called exit")
    Report.write(
      .explanation,
      "exit(3) ends the whole process, and every client loses its connection. Return from the "
        + "function instead."
    )
    Events.report()
    _exit(1)
  }
}
