import Glibc
import Kit

/// A client that uploads something to an edge-triggered event loop.
struct Upload {
  let socket: NonBlockingSocket
  private(set) var received: [UInt8] = []

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  /// Called when epoll reports an edge: bytes have arrived, or the end of the stream, or both.
  ///
  /// The bug is here. When this returns, `received` must contain everything that has arrived, and
  /// if the client is done or gone, the socket must be closed.
  mutating func readable() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    if count > 0 {
      received += buffer[..<count]
    } else if count == 0 || errno != EAGAIN {
      socket.close()
    }
  }
}
