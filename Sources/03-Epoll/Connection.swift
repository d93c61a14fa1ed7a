import Common

/// A client between two events: all that a blocked thread would have kept on its stack.
final class Connection {
  enum Wait {
    /// For bytes, or for the kernel to take some.
    case reading, writing
    /// For a moment in time.
    case pausing
  }

  let socket: Socket
  let token: Token
  // The compiler cannot see that only the loop's thread comes here, one access at a time, and would check it at run
  // time, for every request anew.
  @exclusivity(unchecked) var session: Session
  /// What the kernel has not taken yet, from `sent` on.
  @exclusivity(unchecked) var outbox: [UInt8] = []
  @exclusivity(unchecked) var sent = 0
  var wait = Wait.reading
  var interest = Interest.readable
  /// Whether `recv` may find something. With an edge trigger this must be remembered: the event does not come again.
  var mayRead = true
  /// The peer will send no more, so a short read is not yet the end of what there is.
  var isReadClosed = false
  /// Stands in the list of those that go on without an event.
  var isScheduled = false
  /// When the wait ends, and the entry of the timer heap that is responsible.
  var deadline = Instant.distantFuture
  var timer = Instant.distantFuture

  init(_ socket: consuming Socket, _ token: Token, _ session: consuming Session) {
    self.socket = socket
    self.token = token
    self.session = session
  }

  var backlog: Int { outbox.count - sent + session.unwritten }

  /// Offers the outbox to the kernel; false where it did not take all.
  func flush() throws(SystemError) -> Bool {
    if outbox.isEmpty { return true }
    sent += try socket.send(outbox, sent..<outbox.count) ?? 0
    if sent < outbox.count { return false }
    (outbox, sent) = ([], 0)
    return true
  }

  /// Takes what has arrived into the session; false where nothing has.
  func fill(_ buffer: inout [UInt8]) throws(SystemError) -> Bool {
    guard mayRead, let count = try socket.receive(into: &buffer) else {
      mayRead = false
      return false
    }
    // A short read has emptied the socket: asking again would only say EAGAIN. The end of the stream
    // is an exception, it waits behind the bytes.
    if count < buffer.count && !isReadClosed { mayRead = false }
    session.receive(buffer.span.extracting(first: count))
    return true
  }
}
