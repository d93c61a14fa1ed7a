import Glibc

/// A client between two events: what a blocked thread would have kept on its stack.
final class Connection {
  enum Wait { case reading, writing, pausing, awaitingReply }

  let socket: Int32
  let token: Token
  var session = Session(delay: Server.delay)
  var wait = Wait.reading
  /// How many shards have yet to reply.
  var pendingReplies = 0
  /// When this wait ends, if no event ends it before. No byte that arrives moves it.
  var deadline = ContinuousClock.now + Server.timeout
  /// Bytes that may wait here for a client that reads slowly.
  static let limit = 64 * 1024
  var backlog: Int { outbox.count + session.output.count }
  /// What the kernel has not taken yet.
  var outbox = WriteQueue()

  init(_ socket: Int32, _ token: Token) {
    (self.socket, self.token) = (socket, token)
    // What waits in the kernel counts, too: without this, up to four megabytes.
    var size = Int32(Self.limit)
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(socket) }

  /// Offers the outbox to the kernel. False if it did not take everything.
  func flush() throws(Disconnected) -> Bool {
    while let frame = outbox.first {
      let count = frame.withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count == -1 && errno == EAGAIN { return false }
      if count == -1 { throw Disconnected() }
      outbox.remove(count)
      deadline = .now + Server.timeout
    }
    return true
  }

  /// Hands what has arrived to the session. False if nothing has.
  func fill() throws(Disconnected) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count == -1 && errno == EAGAIN { return false }
    if count == -1 { throw Disconnected() }
    session.receive(buffer.prefix(count))
    return true
  }
}

/// What the kernel calls a socket when it reports an event. The number of a socket is given out again;
/// a token names one connection, and never another.
typealias Token = UInt64

/// The client is gone.
struct Disconnected: Error {}
