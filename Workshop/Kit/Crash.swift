@preconcurrency import Glibc

/// Reports how the learner's code ended the program: it crashed, ran out of stack, or called exit.
public enum Crash {
  // Unsafe only in the compiler's eyes: the check sets this, and the check's only thread reads it
  // when it crashes.
  /// What to say if the learner's code crashes from here on.
  nonisolated(unsafe) public static var explanation = ""
  /// Whether the check has finished.
  nonisolated(unsafe) static var isDone = false
  /// What a signal did before: with `SWIFT_BACKTRACE`, Swift's own handler prints where it happened.
  nonisolated(unsafe) private static var previous: [sigaction] = Array(
    repeating: sigaction(), count: 32)

  /// Tells `course` what happened before a crash. Swift's own message appears on standard error,
  /// because its handlers run after this one.
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

  /// If a thread's stack is full, the signal handler needs another one (sigaltstack(2)).
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
        "A call that has not returned keeps its place on the stack. A function that waits by "
          + "calling itself again fills up the stack; a loop does not.")
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
