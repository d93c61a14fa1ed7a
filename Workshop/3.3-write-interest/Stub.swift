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
    epoll.add([.readable, .writable])
  }

  /// Called by the loop after each `epoll_wait` that reports this socket. `ready` says what it is
  /// ready for.
  ///
  /// The bug is here and in `init`. The tool is `epoll.modify(interest)`, a system call; the
  /// interest is `.readable`, `.writable`, or `[]`.
  ///
  /// Requirements: epoll reports only what the code can use at that moment; every byte comes back;
  /// nothing is read while there are still bytes to write; and if the kernel takes everything at
  /// once, `epoll.modify` is not called.
  func handle(_ ready: Interest) {
    if ready.contains(.readable) && output.isEmpty {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = socket.read(into: &buffer)
      if count == 0 || count == -1 && errno != EAGAIN { return close() }
      if count > 0 { output = Array(buffer[..<count]) }
    }
    if ready.contains(.writable) && !output.isEmpty {
      let count = socket.write(output[...])
      if count == -1 && errno != EAGAIN { return close() }
      if count > 0 { output.removeFirst(count) }
    }
  }

  private func close() {
    epoll.remove()
    socket.close()
  }
}
