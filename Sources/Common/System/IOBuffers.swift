import Glibc
import WireProtocols

// snippet: buffers
/// The current time, and the buffers for input and output: a thread needs them once, however many
/// clients it serves.
///
/// So a client that has nothing unfinished owns no buffer, and a session never reads a clock: it
/// gets the time from here.
public struct IOBuffers: ~Copyable, Sendable {
  /// The bytes that have arrived: `recv` fills it from the front, ``Session/receive(_:_:)`` reads
  /// it.
  public var input: [UInt8]
  /// The bytes that the session wants written; empty after they are sent.
  public var output = OutputBuffer()
  /// The current time, for deadlines.
  public var now = Instant(nanoseconds: 0)
  /// When the next second begins, and the date has to be formatted again.
  private var nextSecond = Instant(nanoseconds: 0)

  /// Creates the buffers.
  /// - Parameter inputSize: the most bytes that one `recv` returns.
  public init(inputSize: Int = 64 * 1024) {
    input = [UInt8](repeating: 0, count: inputSize)
    tick()
  }

  /// Reads the clock; formats the date only when the second has changed.
  public mutating func tick() {
    now = .now
    if now < nextSecond { return }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    nextSecond = now + UInt64(1_000_000_000 - time.tv_nsec)
    output.date = HTTPDate(secondsSince1970: time.tv_sec)
  }
}
// snippet: end
