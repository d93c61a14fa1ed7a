import Common

/// What every load is built on: one wait for all its sockets, the clock, and the end.
///
/// One thread, raw buffers that are allocated once. The sockets are watched edge-triggered and
/// registered once.
struct LoadLoop: ~Copyable {
  let poller: Poller
  private let stop: StopSignal
  private var alarm: Alarm
  /// What every `recv` fills.
  let buffer: UnsafeMutableRawBufferPointer
  private(set) var events = ReadyEvents()

  /// The time, as of the last look at the clock, in nanoseconds like all the others.
  var now: UInt64
  /// When the load proper began.
  private(set) var begin: UInt64
  private(set) var end = UInt64.max
  /// Nothing new; what is under way stays unfinished.
  var isEnding = false
  /// Why the run ended early, or why it never began.
  var error: SystemError?

  /// Throws where the kernel refuses an epoll instance.
  init(stop: StopSignal) throws(SystemError) {
    let poller = try Poller()
    try poller.register(
      stop.descriptor, token: Token(index: .max, generation: 0), interest: .readable)
    let alarm = try Alarm()
    try poller.register(
      alarm.descriptor, token: Token(index: .max, generation: 0), interest: .readable)
    self.poller = poller
    self.alarm = alarm
    self.stop = stop
    buffer = .allocate(byteCount: 64 * 1024, alignment: 64)
    now = Instant.now.nanoseconds
    begin = now
  }

  deinit { buffer.deallocate() }

  /// Starts the clock.
  /// - Parameter timeLimit: in nanoseconds; `nil` is no limit.
  mutating func start(timeLimit: UInt64?) {
    lookAtClock()
    begin = now
    end = timeLimit.map { begin + $0 } ?? .max
  }

  var isTimeOver: Bool { now >= end }

  /// A signal ends the load at once.
  mutating func noticeStop() {
    if stop.isRequested { isEnding = true }
  }

  mutating func lookAtClock() { now = Instant.now.nanoseconds }

  /// Sleeps until sockets are ready, which are `events` then, or until `deadline`, to the
  /// millisecond.
  /// - Parameter due: the same, but exact.
  mutating func wait(until deadline: UInt64, due: UInt64) throws(SystemError) {
    try alarm.set(due)
    try poller.wait(for: &events, until: Instant(nanoseconds: deadline))
    // Receiving looks at the clock itself; the alarm is an event that does not.
    if events.count == 0 || due < .max { lookAtClock() }
  }
}
