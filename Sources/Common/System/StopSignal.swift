import CLinux
import Glibc
import Synchronization
import Tracing

// snippet: stop
/// The wish to stop, which SIGTERM and SIGINT express: an eventfd(2) that becomes readable and
/// stays so.
///
/// A thread that blocks in poll(2) waits for it in addition to what it waits for anyway; an event
/// loop registers it.
public final class StopSignal: Sendable {
  private let event: Descriptor
  private let requested = Atomic(false)

  /// Makes a signal that only ``request()`` gives.
  /// - Throws: the error of eventfd(2): the process has no descriptor left.
  public init() throws(SystemError) {
    event = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
  }

  /// Readable when a stop is requested.
  public var descriptor: Int32 { event.number }
  /// Whether a stop is requested, without a system call.
  public var isRequested: Bool { requested.load(ordering: .acquiring) }

  /// Requests a stop; from any thread, and from a signal's handler.
  public func request() {
    // Once: every write would be a new edge for those who wait with an edge trigger.
    let wasRequested = requested.exchange(true, ordering: .acquiringAndReleasing)
    if !wasRequested { _ = eventfd_write(event.number, 1) }
  }

  /// From here on SIGTERM and SIGINT request a stop instead of ending the process, which gets
  /// `grace` to finish by itself. Then it ends anyway, with status 0. A second signal ends it at
  /// once.
  ///
  /// No thread waits for the signals. It would only sleep, and yet every system call would cost
  /// more: the kernel counts the users of a descriptor as soon as two threads share the table of
  /// them (docs/performance.md has the figure).
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
    // The parent may have blocked them, as the threads of Dispatch do, and what is blocked is
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

/// For the handler; set before it.
nonisolated(unsafe) private var stopping: (signal: StopSignal, timer: timer_t?, grace: UInt64)?

/// Runs between any two instructions of the program, so it calls what signal-safety(7) lists, and
/// nothing else.
private func handleSignal(_ number: Int32, isTimer: Bool) {
  let interrupted = errno
  defer { errno = interrupted }
  guard let stopping else { return }
  if number == SIGALRM {
    // The grace is over. An alarm that another process sent means nothing.
    if isTimer { TraceFile.exit() }
    return
  }
  if stopping.signal.isRequested { _exit(128 + number) }
  stopping.signal.request()
  // Zero would mean: never.
  let grace = timespec(nanoseconds: max(1, stopping.grace))
  var time = itimerspec(it_interval: timespec(), it_value: grace)
  timer_settime(stopping.timer, 0, &time, nil)
}

private let ending = PosixMutex()

/// Ends the process with 0. Several threads may call it at the same time, for which exit(3) is not
/// made: a second call would end the process in the middle of the first one's handlers.
public func exitOnce() -> Never { ending.withLock { exit(0) } }
// snippet: end
