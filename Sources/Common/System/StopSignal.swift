import CLinux
import Glibc
import Synchronization

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
  /// Call it before the first thread starts: threads inherit the blocked signals (pthread_sigmask(3)).
  public static func onSignals(grace: Duration) throws(SystemError) -> StopSignal {
    let stop = try StopSignal()
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    try spawnThread(named: "signals") { [signals] in
      var signals = signals
      var received: Int32 = 0
      sigwait(&signals, &received)
      stop.request()
      let second = nextSignal(&signals, until: .now + grace)
      if second == -1 { TraceFile.current?.flush() }
      _exit(second == -1 ? 0 : 128 + second)
    }
    return stop
  }
}

/// -1 where none came until the deadline. A `SIGCONT` interrupts the wait, and does not end it (signal(7)).
private func nextSignal(_ signals: inout sigset_t, until deadline: Instant) -> Int32 {
  while true {
    let left = (deadline - .now).nanoseconds
    var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
    let signal = sigtimedwait(&signals, nil, &time)
    if signal != -1 || errno != EINTR { return signal }
  }
}

private let ending = PosixMutex()

/// Ends the process with 0. Several threads may come here at the same time, for which exit(3) is not made: a second call would end
/// the process in the middle of the first one's handlers.
public func exitOnce() -> Never { ending.withLock { exit(0) } }
