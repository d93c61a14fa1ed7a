import Glibc

/// A client between two events. It keeps what a blocked thread would have kept on its stack.
final class Connection {
  enum Wait { case reading, writing, pausing }

  let socket: Int32
  let token: Token
  var session = Session(delay: Server.delay)
  var wait = Wait.reading
  /// The end of this wait, unless an event comes first. Bytes that arrive do not move it.
  var deadline = ContinuousClock.now + Server.timeout
  /// The bytes that the kernel has not taken yet.
  var outbox: ArraySlice<UInt8> = []

  init(_ socket: Int32, _ token: Token) { (self.socket, self.token) = (socket, token) }

  deinit { close(socket) }

  /// Offers the outbox to the kernel. Returns false if the kernel did not take everything.
  func flush() throws(Disconnected) -> Bool {
    while !outbox.isEmpty {
      let count = outbox.withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count == -1 && errno == EAGAIN { return false }
      if count == -1 { throw Disconnected() }
      outbox = outbox.dropFirst(count)
      deadline = .now + Server.timeout
    }
    return true
  }

  /// Passes the bytes that have arrived to the session. Returns false if there are none.
  func fill() throws(Disconnected) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count == -1 && errno == EAGAIN { return false }
    if count == -1 { throw Disconnected() }
    session.receive(buffer.prefix(count))
    return true
  }
}

/// The name of a connection in the kernel's events. The kernel reuses a socket's number, but a
/// token never names another connection.
typealias Token = UInt64

/// Thrown when the client is gone.
struct Disconnected: Error {}
