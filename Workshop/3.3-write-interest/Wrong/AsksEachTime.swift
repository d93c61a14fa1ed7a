// expect: wasted system calls: there were ten echoes
import Glibc
import Kit

/// A client of an echo server, in a level-triggered event loop: every byte comes back.
final class EchoClient {
  private let socket: NonBlockingSocket
  private let epoll: Epoll
  /// Bytes that were read and have not been written yet.
  private var output: [UInt8] = []

  init(_ socket: NonBlockingSocket, _ epoll: Epoll) {
    (self.socket, self.epoll) = (socket, epoll)
    epoll.add(.readable)
  }

  /// Called by the loop after each `epoll_wait` that reports this socket. `ready` says what it is
  /// ready for.
  func handle(_ ready: Interest) {
    if output.isEmpty {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = socket.read(into: &buffer)
      if count == 0 || count == -1 && errno != EAGAIN { return close() }
      if count > 0 { output = Array(buffer[..<count]) }
    }
    if !output.isEmpty {
      let count = socket.write(output[...])
      if count == -1 && errno != EAGAIN { return close() }
      if count > 0 { output.removeFirst(count) }
    }
    epoll.modify(output.isEmpty ? .readable : .writable)
  }

  private func close() {
    epoll.remove()
    socket.close()
  }
}
