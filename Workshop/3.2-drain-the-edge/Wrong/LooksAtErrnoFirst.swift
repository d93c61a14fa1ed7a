// expect: Look at the count first
import Glibc
import Kit

struct Upload {
  let socket: NonBlockingSocket
  private(set) var received: [UInt8] = []

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  mutating func readable() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = socket.read(into: &buffer)
      if count <= 0 && errno == EAGAIN { return }
      if count <= 0 { return socket.close() }
      received += buffer[..<count]
    }
  }
}
