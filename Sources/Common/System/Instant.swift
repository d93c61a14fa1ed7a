import Glibc

/// A point on the kernel's monotonic clock (clock_gettime(2), `CLOCK_MONOTONIC`), in nanoseconds.
///
/// Deadlines are instants, so a test makes its own and never has to wait.
public struct Instant: Comparable, Hashable, Sendable {
  /// Nanoseconds since a moment that the kernel chose, usually when the machine started.
  public let nanoseconds: UInt64

  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// An instant that is later than every deadline.
  public static let distantFuture = Instant(nanoseconds: .max)

  /// The current time (clock_gettime(2)).
  public static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Returns the instant `duration` later, at most ``distantFuture``.
  public static func + (left: Instant, duration: Duration) -> Instant {
    left + duration.nanoseconds
  }

  /// Does the same in code in which every instruction counts: converting a `Duration` is a division
  /// of 128 bits.
  static func + (left: Instant, nanoseconds: UInt64) -> Instant {
    let (sum, overflow) = left.nanoseconds.addingReportingOverflow(nanoseconds)
    return overflow ? .distantFuture : Instant(nanoseconds: sum)
  }

  /// Returns the time from `earlier` to `later`; zero if `earlier` is not earlier.
  public static func - (later: Instant, earlier: Instant) -> Duration {
    guard later > earlier else { return .zero }
    return .nanoseconds(Int64(clamping: later.nanoseconds - earlier.nanoseconds))
  }
}

// snippet: instant
extension Instant {
  /// Returns the time until this instant as a timeout for poll(2) and epoll_wait(2): in
  /// milliseconds, -1 for "forever". Rounded up, because a thread that wakes too early would spin
  /// until the deadline.
  func timeout(from now: Instant = .now) -> Int32 {
    if self == .distantFuture { return -1 }
    if self <= now { return 0 }
    let left = nanoseconds - now.nanoseconds
    return Int32(clamping: left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1))
  }
}
// snippet: end

extension Duration {
  /// Whole nanoseconds; a negative duration counts as zero, more than 584 years as `UInt64.max`.
  public var nanoseconds: UInt64 { UInt64(clamping: attoseconds / 1_000_000_000) }
}

extension timespec {
  init(nanoseconds: UInt64) {
    self.init(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}

/// Blocks the calling thread with clock_nanosleep(2), until an absolute instant: a signal that
/// interrupts the sleep does not make it longer.
public func sleep(until deadline: Instant) {
  var time = timespec(nanoseconds: deadline.nanoseconds)
  while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
}
