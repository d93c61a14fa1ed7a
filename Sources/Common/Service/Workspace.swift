import Glibc

/// What a thread needs once, however many clients it serves: the time, room for what arrives, and room for the answers.
///
/// So a client of whom nothing waits owns no buffer. And a session never looks at a clock: it is told the time.
public struct Workspace: Sendable {
  /// `recv` fills it from the front, ``Session/receive(_:_:)`` reads it.
  public var input: [UInt8]
  /// What the session wants written. Whoever sends it empties it.
  public var output: [UInt8] = []
  /// The time, for deadlines.
  public var now = Instant(nanoseconds: 0)
  /// The time, for the `Date` field.
  public internal(set) var date = HTTPDate(secondsSince1970: 0)
  private var second = 0

  /// - Parameter inputSize: how many bytes one `recv` may bring.
  public init(inputSize: Int = 64 * 1024) {
    input = [UInt8](repeating: 0, count: inputSize)
    tick()
  }

  /// Looks at the clock; formats the date only when the second has changed.
  public mutating func tick() {
    now = .now
    var time = timespec()
    // The coarse clock is exact to a few milliseconds and needs no system call (clock_gettime(2)).
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    if time.tv_sec == second { return }
    second = time.tv_sec
    date = HTTPDate(secondsSince1970: second)
  }
}
