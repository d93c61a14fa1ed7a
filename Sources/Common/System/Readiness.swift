// snippet: readiness
/// The readiness of a socket, as a ``Poller`` reported it. It is remembered, because an
/// edge-triggered event is reported only once.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `recv` may find something. A new socket starts with this and with ``mayWrite``, because no
  /// event has been reported yet.
  public static let mayRead = Readiness(rawValue: 1)
  /// `send` may find room.
  public static let mayWrite = Readiness(rawValue: 2)
  /// The peer has finished sending, so after a short read the end of the stream is still to come.
  static let isReadClosed = Readiness(rawValue: 4)
  /// The connection is gone, so no answer can reach the peer. If this came in the same event as a
  /// request, it is not reported again: a driver that is about to wait for anything but the socket
  /// has to check it first.
  public static let isHungUp = Readiness(rawValue: 8)

  /// Adds what an event reports.
  public mutating func update(with event: Event) {
    if event.isReadable { insert(.mayRead) }
    if event.isWritable { insert(.mayWrite) }
    if event.isReadClosed { insert(.isReadClosed) }
    if event.isHangUp { insert(.isHungUp) }
  }

  /// Fills the front of `buffer` without waiting; returns `nil` if nothing has arrived.
  /// - Throws: the error of recv(2) that ended the connection, `ECONNRESET` if the peer hung up.
  public mutating func receive(
    from socket: borrowing Socket, into buffer: inout [UInt8]
  ) throws(SystemError) -> Int? {
    guard contains(.mayRead), let count = try socket.receive(into: &buffer) else {
      remove(.mayRead)
      return nil
    }
    // A short read has emptied the socket, so another call would only return EAGAIN. If the peer
    // has finished sending, however, the next call returns the end of the stream.
    if count < buffer.count && !contains(.isReadClosed) { remove(.mayRead) }
    return count
  }
}
// snippet: end
