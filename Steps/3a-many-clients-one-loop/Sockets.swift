import Glibc

func openListener(_ port: UInt16) -> Int32 {
  let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var yes: Int32 = 1
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian  // 127.0.0.1
  let bound = withUnsafePointer(to: address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  if bound == -1 || listen(listener, 128) == -1 {
    perror("cannot listen on port \(port)")
    exit(1)
  }
  return listener
}

/// Makes calls on this socket return at once: `recv` fails with EAGAIN if nothing has arrived.
func setNonBlocking(_ socket: Int32) {
  let flags = fcntl(socket, F_GETFL)
  _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
}
