import Glibc
import Kit

/// A client that uploads something to an edge-triggered event loop.
struct Upload {
  let socket: NonBlockingSocket
  private(set) var received: [UInt8] = []

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  /// Called when epoll reports an edge: bytes have arrived, or the end of the stream, or both.
  mutating func readable() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = socket.read(into: &buffer)
      if count == -1 && errno == EAGAIN { return }
      if count <= 0 { return socket.close() }
      received += buffer[..<count]
    }
  }
}
