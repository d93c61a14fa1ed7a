import CLinux
import Glibc

// snippet: progress
/// A send deadline that counts from the last byte that the peer took.
///
/// Waiting until the socket is writable is not enough for a slow reader: the kernel reports that
/// only when a third of the send buffer is free (tcp(7)), which with a peer that reads 50 kB/s
/// takes longer than any sensible timeout. But the number of bytes that the peer has not
/// acknowledged falls with each one that it takes. So a driver that waits for room looks at that
/// number from time to time:
///
///     var progress = SendProgress(socket, at: now)  // The kernel took less than it was offered.
///     let look = try progress.nextLook(socket, timeout: sendTimeout, at: now)
///     // Wait until the socket is writable, at most until `look`; then ask again.
///
/// When the kernel takes bytes, that is progress as well: start again with a new value.
public struct SendProgress: Sendable {
  /// The number of bytes that the peer still had to take when it last took any.
  private var unacknowledged: Int32
  /// The time at which we noticed that.
  private var lastProgress: Instant

  /// Starts watching at `now`.
  public init(_ socket: borrowing Socket, at now: Instant) {
    unacknowledged = socket.unacknowledgedBytes
    lastProgress = now
  }

  /// Looks at the socket, and returns when to look again.
  ///
  /// Each look costs a system call, so there are only four per timeout: a peer is cut off at most a
  /// quarter of the timeout too late, and never too early.
  /// - Throws: `ETIMEDOUT` if the peer took nothing for `timeout`: cut it off.
  public mutating func nextLook(
    _ socket: borrowing Socket, timeout: Duration, at now: Instant
  ) throws(SystemError) -> Instant {
    let unacknowledged = socket.unacknowledgedBytes
    if unacknowledged < self.unacknowledged {
      (self.unacknowledged, lastProgress) = (unacknowledged, now)
    }
    let end = lastProgress + timeout
    guard now < end else { throw SystemError(call: "send", code: ETIMEDOUT) }
    return min(end, now + Self.interval(timeout))
  }

  /// Returns how long a driver waits between two looks.
  public static func interval(_ timeout: Duration) -> Duration { timeout / 4 }
}

extension Socket {
  /// The number of bytes that the peer's kernel has not acknowledged yet (tcp(7) `SIOCOUTQ`, which
  /// has the same value as `TIOCOUTQ`). Zero if the kernel does not say.
  public var unacknowledgedBytes: Int32 {
    var count: Int32 = 0
    return ioctl(descriptor.number, UInt(TIOCOUTQ), &count) == 0 ? count : 0
  }

  /// The peer's address; `nil` if the connection is gone already (getpeername(2) `ENOTCONN`).
  public var peerAddress: SocketAddress? {
    var address = SocketAddress()
    let result = address.withMutablePointer { getpeername(descriptor.number, $0, $1) }
    return result == 0 ? address : nil
  }
}
// snippet: end
