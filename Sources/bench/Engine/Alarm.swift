import BenchSupport
import CLinux
import Common
import Glibc

/// Ends an `epoll_wait` at an exact time: a timerfd(2).
///
/// The timeout of epoll_wait(2) is in milliseconds, and a schedule of 2,000 requests per second has
/// one every half millisecond: with that timeout, requests would be up to half a millisecond late.
/// With the timer they are about 20 µs late, the time that waking up takes. Spinning would be
/// punctual, and would cost the whole core that the server may need; epoll_pwait2(2) is as good,
/// but not every C library has it yet.
struct Alarm: ~Copyable {
  private let timer: Descriptor
  /// The time that it is set to, in nanoseconds.
  private var time: UInt64 = .max

  var descriptor: Int32 { timer.number }

  init() throws(SystemError) {
    timer = Descriptor(
      owning: try check("timerfd_create") {
        timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
      })
  }

  /// - Parameter time: on the monotonic clock; `UInt64.max` is never.
  mutating func set(_ time: UInt64) throws(SystemError) {
    guard time != self.time else { return }
    self.time = time
    // A time of zero switches the timer off.
    let due = time == .max ? 0 : time
    var setting = itimerspec()
    setting.it_value = timespec(
      tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
    try check("timerfd_settime") {
      timerfd_settime(timer.number, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }
  }
}
