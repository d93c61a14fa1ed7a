import Common

/// A client between two events. No task, no lock, no buffer: what an idle client costs is this object.
final class Client: @unchecked Sendable {
  // Unchecked: the acceptor makes it and gives it away; from then on it belongs to its shard, and only the shard's loop
  // touches it. Others know it by its `Address`.
  enum Wait: UInt8 {
    /// For bytes, or for the kernel to take some.
    case reading, writing
    /// For a moment in time.
    case pausing
    /// For other shards, or for another thread. No further message is looked at before.
    case answer
    case closed
  }

  let socket: Socket
  var token = Token(index: 0, generation: 0)
  // As in chapter 3: the compiler cannot see that there is one access at a time, and would check each.
  @exclusivity(unchecked) var session: Session
  @exclusivity(unchecked) var outbox = Outbox()
  var wait = Wait.reading
  /// Whether `recv` may find something. With an edge trigger this must be remembered: the event does not come again.
  var mayRead = true
  var isReadClosed = false
  var isScheduled = false
  /// How many answers it waits for.
  var answersDue: UInt8 = 0
  /// Frames that came from others, or from itself by way of the registry.
  var delivered: UInt32 = 0
  /// When the wait ends, and the entry of the timer heap that is responsible.
  var deadline = Instant.distantFuture
  var timer = Instant.distantFuture
  let connected: Instant

  init(_ socket: consuming Socket, _ session: consuming Session, at now: Instant) {
    self.socket = socket
    self.session = session
    connected = now
  }

  /// Sends an answer at once where nothing waits before it; what the kernel does not take goes into the outbox.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    guard outbox.isEmpty else { return outbox.append(answer: bytes) }
    let sent = try socket.send(bytes, 0..<bytes.count) ?? 0
    if sent < bytes.count { outbox.append(answer: bytes, from: sent) }
  }

  /// Takes what has arrived into the session; false where nothing has.
  func fill(_ buffer: inout [UInt8]) throws(SystemError) -> Bool {
    guard mayRead, let count = try socket.receive(into: &buffer) else {
      mayRead = false
      return false
    }
    // A short read has emptied the socket. The end of the stream is an exception, it waits behind the bytes.
    if count < buffer.count && !isReadClosed { mayRead = false }
    session.receive(buffer.span.extracting(first: count))
    return true
  }
}
