import BenchSupport
import CLinux
import Common
import Glibc

/// Ends an `epoll_wait` at an exact time: a timerfd(2).
///
/// The timeout of epoll_wait(2) counts in milliseconds, and a schedule of 2,000 requests in a
/// second has one every half of that: waited for in this way they are half a millisecond late. With
/// the timer it is about 20 µs, which is what waking up takes. Spinning would be punctual, and cost
/// the whole core that the server may want; epoll_pwait2(2) is as good, but not in every C library
/// yet.
struct Alarm: ~Copyable {
  private let timer: Descriptor
  /// For when it is set, in nanoseconds.
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
