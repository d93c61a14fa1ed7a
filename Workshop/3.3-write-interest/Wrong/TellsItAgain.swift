// expect: Call it only when the interest changes
import Glibc
import Kit

final class EchoClient {
  private let socket: NonBlockingSocket
  private let epoll: Epoll
  private var output: [UInt8] = []
  private var interest = Interest.readable

  init(_ socket: NonBlockingSocket, _ epoll: Epoll) {
    (self.socket, self.epoll) = (socket, epoll)
    epoll.add(.readable)
  }

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
    watch(output.isEmpty ? .readable : .writable)
  }

  private func watch(_ wanted: Interest) {
    if wanted == interest && wanted == .readable { return }
    interest = wanted
    epoll.modify(wanted)
  }

  private func close() {
    epoll.remove()
    socket.close()
  }
}
