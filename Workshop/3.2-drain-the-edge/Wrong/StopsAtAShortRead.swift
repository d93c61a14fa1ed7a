// expect: the end of the stream came after it
import Glibc
import Kit

/// A client that uploads something, in an edge-triggered event loop.
struct Upload {
  let socket: NonBlockingSocket
  private(set) var received: [UInt8] = []

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  /// epoll has reported an edge: bytes have arrived, or the end of the stream, or both.
  mutating func readable() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var count = 0
    repeat {
      count = socket.read(into: &buffer)
      if count > 0 { received += buffer[..<count] }
    } while count == buffer.count
    if count == 0 || count == -1 && errno != EAGAIN { socket.close() }
  }
}
