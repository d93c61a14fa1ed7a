import Common

/// A client between two events: all that a blocked thread would have kept on its stack.
final class Connection: Registered {
  enum Wait {
    /// For bytes, or for the kernel to take some.
    case reading, writing
    /// For a moment in time.
    case pausing
  }

  let socket: Socket
  private let generation: UInt32
  var session: Session
  var readiness: Readiness = [.mayRead, .mayWrite]
  var wait = Wait.reading
  /// Stands in the list of those that go on without an event.
  var isScheduled = false
  var token: Token { Token(index: UInt32(socket.descriptor.number), generation: generation) }
  /// What the kernel has not taken yet.
  var outbox: [UInt8] = []
  var deadline = Deadline()

  init(_ socket: consuming Socket, _ token: Token, _ session: consuming Session) {
    self.socket = socket
    generation = token.generation
    self.session = session
  }

  /// Offers the outbox to the kernel; false where it did not take all.
  func flush() throws(SystemError) -> Bool {
    if outbox.isEmpty { return true }
    let sent = try socket.send(outbox, 0..<outbox.count) ?? 0
    if sent < outbox.count { outbox.removeFirst(sent) } else { outbox = [] }
    return outbox.isEmpty
  }

  /// Takes what has arrived into the session; false where nothing has.
  func fill(_ buffers: inout IOBuffers) throws(SystemError) -> Bool {
    guard let count = try readiness.receive(from: socket, into: &buffers.input) else {
      return false
    }
    session.receive(count, &buffers)
    return true
  }
}
