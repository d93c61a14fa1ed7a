/// What a ``Poller`` has said about a socket. With an edge trigger it must be remembered: the event does not come again.
public struct Readiness: Sendable {
  /// Whether `recv` may find something, and `send` some room.
  public var mayRead = true
  public var mayWrite = true
  /// The peer will send no more, so a short read is not yet the end of what there is.
  private var isReadClosed = false

  public init() {}

  public mutating func note(_ event: Event) {
    if event.isReadable { mayRead = true }
    if event.isWritable { mayWrite = true }
    if event.isReadClosed { isReadClosed = true }
  }

  /// Fills the front of `buffer` without waiting; `nil` where nothing has arrived.
  public mutating func receive(
    from socket: borrowing Socket, into buffer: inout [UInt8]
  ) throws(SystemError) -> Int? {
    guard mayRead, let count = try socket.receive(into: &buffer) else {
      mayRead = false
      return nil
    }
    // A short read has emptied the socket: asking again would only say EAGAIN. The end of the stream
    // is an exception, it waits behind the bytes.
    if count < buffer.count && !isReadClosed { mayRead = false }
    return count
  }
}
