// expect: bytes that arrived before the error were lost
import Glibc
import Kit

struct Upload {
  let socket: NonBlockingSocket
  private(set) var received: [UInt8] = []

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  mutating func readable() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var all: [UInt8] = []
    while true {
      let count = socket.read(into: &buffer)
      if count == 0 || count == -1 && errno == EAGAIN {
        received += all
        if count == 0 { socket.close() }
        return
      }
      if count == -1 { return socket.close() }
      all += buffer[..<count]
    }
  }
}
