import CLinux
import Glibc
import Synchronization
import Tracing

/// The wish to stop, as SIGTERM and SIGINT bring it: an eventfd(2) that becomes readable and stays so.
///
/// A thread that blocks waits for it beside what it waits for anyway; an event loop registers it.
public final class StopSignal: Sendable {
  private let event: Descriptor
  private let requested = Atomic(false)

  public init() throws(SystemError) {
    event = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
  }

  public var descriptor: Int32 { event.number }
  public var isRequested: Bool { requested.load(ordering: .acquiring) }

  public func request() {
    // Once: every write would be a new edge for those who wait with an edge trigger.
    let wasRequested = requested.exchange(true, ordering: .acquiringAndReleasing)
    if !wasRequested { _ = eventfd_write(event.number, 1) }
  }

  /// From here on SIGTERM and SIGINT request a stop instead of ending the process, and it gets `grace` to
  /// finish by itself: then it ends all the same, with status 0. A second signal ends it at once.
  ///
  /// No thread waits for the signals. It would only sleep, and still every system call would cost more: the kernel counts the users of a
  /// descriptor as soon as two threads share the table of them (docs/performance.md has the figure).
  public static func onSignals(grace: Duration) throws(SystemError) -> StopSignal {
    let stop = try StopSignal()
    var timer: timer_t?
    try check("timer_create") { timer_create(CLOCK_MONOTONIC, nil, &timer) }  // It sends SIGALRM.
    stopping = (stop, timer, grace.nanoseconds)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handleSignal
    action.sa_flags = SA_RESTART
    // Whoever has started us may have blocked them, as the threads of Dispatch do, and what is blocked is inherited.
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

/// For the handler; set before it.
nonisolated(unsafe) private var stopping: (signal: StopSignal, timer: timer_t?, grace: UInt64)?

/// Runs between any two instructions of the program, so it calls what signal-safety(7) lists, and nothing else.
private func handleSignal(_ number: Int32) {
  let interrupted = errno
  defer { errno = interrupted }
  guard let stopping else { return }
  if number == SIGALRM { return TraceFile.exit() }  // The grace is over.
  if stopping.signal.isRequested { _exit(128 + number) }
  stopping.signal.request()
  // Zero would mean: never.
  let grace = timespec(nanoseconds: max(1, stopping.grace))
  var time = itimerspec(it_interval: timespec(), it_value: grace)
  timer_settime(stopping.timer, 0, &time, nil)
}

private let ending = PosixMutex()

/// Ends the process with 0. Several threads may come here at the same time, for which exit(3) is not made: a second call would end
/// the process in the middle of the first one's handlers.
public func exitOnce() -> Never { ending.withLock { exit(0) } }
