@preconcurrency import Glibc

/// How the learner's code ends the program: it crashes, runs out of stack, or calls exit.
public enum Crash {
  // Unsafe only for the compiler: the check sets it, and its one thread reads it when it has
  // crashed.
  /// What a failure should say when the learner's code crashes in what comes next.
  nonisolated(unsafe) public static var explanation = ""
  /// Whether the check has come to its end.
  nonisolated(unsafe) static var isDone = false

  /// Tells `course` what happened before a crash. What Swift itself has to say is on standard
  /// error: its own handlers run after this one.
  static func report() {
    prepareThread()
    for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        Glibc.signal(signal, SIG_DFL)
        Crash.tell(signal)
        raise(signal)
      }
      action.sa_flags = SA_ONSTACK
      sigaction(signal, &action, nil)
    }
    atexit { if !Crash.isDone { Crash.tellOfExit() } }
  }

  /// A thread whose stack is full needs another one for the handler (sigaltstack(2)).
  static func prepareThread() {
    let size = 64 * 1024
    var stack = stack_t(
      ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0,
      ss_size: size)
    sigaltstack(&stack, nil)
  }

  private static func tell(_ signal: Int32) {
    if signal == SIGSEGV && isRecursion {
      Report.write(.failed, "your code calls itself without end: the thread's stack is full")
      Report.write(
        .explanation,
        "Each call that has not returned keeps its place on the stack. A function that waits by "
          + "calling itself again "
          + "ends like this; a loop does not.")
    } else {
      Report.write(.failed, "your code crashed")
    }
    if !explanation.isEmpty { Report.write(.explanation, explanation) }
    Events.report()
  }

  /// Whether the same return address is on the stack again and again.
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
      "exit(3) ends the process and, with it, the connections of all clients. Return from the "
        + "function instead."
    )
    Events.report()
    _exit(1)
  }
}
