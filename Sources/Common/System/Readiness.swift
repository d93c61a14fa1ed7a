// snippet: readiness
/// The readiness of a socket, as a ``Poller`` reported it. It is sticky: an edge-triggered event
/// does not come again.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `recv` may find something. A new socket starts with this and with ``mayWrite``, since no event
  /// has told yet.
  public static let mayRead = Readiness(rawValue: 1)
  /// `send` may find room.
  public static let mayWrite = Readiness(rawValue: 2)
  /// The peer will send no more, so a short read is not yet the end of what there is.
  static let isReadClosed = Readiness(rawValue: 4)
  /// The connection is gone, so no answer can reach the peer. If this came together with a request,
  /// no other event tells about it: a driver that is about to wait for anything but the socket has
  /// to look here first.
  public static let isHungUp = Readiness(rawValue: 8)

  /// Adds what an event said.
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
    // A short read has emptied the socket: asking again would only say EAGAIN. The end of the
    // stream is an exception, it comes after the bytes.
    if count < buffer.count && !contains(.isReadClosed) { remove(.mayRead) }
    return count
  }
}
// snippet: end
