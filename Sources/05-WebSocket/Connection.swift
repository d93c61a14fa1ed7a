import Common

/// A client between two events. No task, no lock, no buffer: what an idle client costs is this object.
final class Connection: Registered, @unchecked Sendable {
  // Unchecked: the acceptor makes it and gives it away; from then on it belongs to its shard, and only the shard's loop
  // touches it. Others know it by its `ConnectionRef`.
  enum Wait {
    /// For bytes, or for the kernel to take some.
    case reading, writing
    /// For a moment in time.
    case pausing
    /// For other shards, or for another thread. No further message is looked at before.
    case answer
    case closed
  }

  let socket: Socket
  var readiness: Readiness = [.mayRead, .mayWrite]
  var wait = Wait.reading
  var session: Session
  var isScheduled = false
  /// How many answers it waits for.
  var pendingReplies: UInt8 = 0
  var token = Token(index: 0, generation: 0)
  /// Frames that came from others, or from itself by way of the registry; and the turn of the loop in which the last one
  /// was sent.
  var delivered: UInt32 = 0
  var lastTurn: UInt32 = 0
  var outbox = Outbox()
  var deadline = Deadline()
  let connected: Instant

  init(_ socket: consuming Socket, _ session: consuming Session, at now: Instant) {
    self.socket = socket
    self.session = session
    connected = now
  }

  /// Sends answers at once where nothing waits before them; what the kernel does not take goes into the outbox.
  func write(_ buffers: inout IOBuffers) throws(SystemError) {
    if !outbox.isEmpty {
      outbox.append(buffers.output.bytes, isFrame: false)
      return buffers.output.removeAll()
    }
    let rest = try socket.send(&buffers)
    if !rest.isEmpty { outbox.append(rest, isFrame: false) }
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
