import CLinux
import Glibc
import Synchronization
import Tracing

// snippet: stop
/// A request to stop, from SIGTERM or SIGINT: an eventfd(2) that becomes readable and stays so.
///
/// A thread that blocks in poll(2) adds it to the descriptors that it waits for; an event loop
/// registers it.
public final class StopSignal: Sendable {
  private let event: Descriptor
  private let requested = Atomic(false)

  /// Creates a signal that only ``request()`` triggers.
  /// - Throws: the error of eventfd(2): the process has no descriptor left.
  public init() throws(SystemError) {
    event = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
  }

  /// The descriptor, which is readable once a stop is requested.
  public var descriptor: Int32 { event.number }
  /// Whether a stop is requested, without a system call.
  public var isRequested: Bool { requested.load(ordering: .acquiring) }

  /// Requests a stop. Call it on any thread, or in a signal handler.
  public func request() {
    // Write only once: every write would be a new edge for the loops that use an edge trigger.
    let wasRequested = requested.exchange(true, ordering: .acquiringAndReleasing)
    if !wasRequested { _ = eventfd_write(event.number, 1) }
  }

  /// Makes SIGTERM and SIGINT request a stop instead of ending the process. The process then has
  /// `grace` to finish by itself; after that it ends anyway, with status 0. A second signal ends it
  /// at once.
  ///
  /// No thread waits for the signals. It would only sleep, and yet make every system call slower:
  /// as soon as two threads share the table of descriptors, the kernel counts the users of each
  /// descriptor (docs/performance.md has the figure).
  /// - Throws: the error of eventfd(2) or timer_create(2): the process may have no more
  ///   descriptors, or timers.
  public static func onSignals(grace: Duration) throws(SystemError) -> StopSignal {
    let stop = try StopSignal()
    var timer: timer_t?
    try check("timer_create") { timer_create(CLOCK_MONOTONIC, nil, &timer) }  // It sends SIGALRM.
    stopping = (stop, timer, grace.nanoseconds)
    var action = sigaction()
    action.__sigaction_handler.sa_sigaction = { number, information, _ in
      handleSignal(number, isTimer: information?.pointee.si_code == Int32(SI_TIMER))
    }
    action.sa_flags = SA_RESTART | SA_SIGINFO
    // The parent may have blocked these signals, as Dispatch's threads do, and the signal mask is
    // inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT, SIGALRM] {
      sigaction(signal, &action, nil)
      sigaddset(&signals, signal)
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    return stop
  }
}

/// The state of the handler, set before the handler is installed.
nonisolated(unsafe) private var stopping: (signal: StopSignal, timer: timer_t?, grace: UInt64)?

/// Handles a signal. It may run between any two instructions of the program, so it calls only
/// functions that signal-safety(7) lists.
private func handleSignal(_ number: Int32, isTimer: Bool) {
  let interrupted = errno
  defer { errno = interrupted }
  guard let stopping else { return }
  if number == SIGALRM {
    // The grace period is over. An alarm that another process sent is ignored.
    if isTimer { TraceFile.exit() }
    return
  }
  if stopping.signal.isRequested { _exit(128 + number) }
  stopping.signal.request()
  // Zero would disarm the timer.
  let grace = timespec(nanoseconds: max(1, stopping.grace))
  var time = itimerspec(it_interval: timespec(), it_value: grace)
  timer_settime(stopping.timer, 0, &time, nil)
}

private let ending = PosixMutex()

/// Ends the process with status 0. Several threads may call it at the same time, which exit(3) does
/// not allow: a second call would end the process while the first one's handlers are still running.
public func exitOnce() -> Never { ending.withLock { exit(0) } }
// snippet: end
