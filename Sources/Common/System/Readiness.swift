/// What a ``Poller`` has said about a socket. With an edge trigger it must be remembered: the event does not come again.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `recv` may find something, `send` some room. Of a new socket nobody knows yet, so it begins with both.
  public static let mayRead = Readiness(rawValue: 1)
  public static let mayWrite = Readiness(rawValue: 2)
  /// The peer will send no more, so a short read is not yet the end of what there is.
  static let isReadClosed = Readiness(rawValue: 4)

  public mutating func note(_ event: Event) {
    if event.isReadable { insert(.mayRead) }
    if event.isWritable { insert(.mayWrite) }
    if event.isReadClosed { insert(.isReadClosed) }
  }

  /// Fills the front of `buffer` without waiting; `nil` where nothing has arrived.
  public mutating func receive(
    from socket: borrowing Socket, into buffer: inout [UInt8]
  ) throws(SystemError) -> Int? {
    guard contains(.mayRead), let count = try socket.receive(into: &buffer) else {
      remove(.mayRead)
      return nil
    }
    // A short read has emptied the socket: asking again would only say EAGAIN. The end of the stream
    // is an exception, it waits behind the bytes.
    if count < buffer.count && !contains(.isReadClosed) { remove(.mayRead) }
    return count
  }
}
