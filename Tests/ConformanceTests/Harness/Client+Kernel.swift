import Glibc

/// What the kernel knows about our end of the connection.
extension Client {
  var localPort: UInt16 {
    get throws {
      var address = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
      }
      guard result == 0 else { throw HarnessError(call: "getsockname") }
      return UInt16(bigEndian: address.sin_port)
    }
  }

  /// Waits until all that was sent has reached the server's kernel (tcp(7): `SIOCOUTQ`, which is `TIOCOUTQ`).
  func waitUntilDelivered() throws {
    try eventually("everything that was sent has arrived") {
      var unacknowledged: Int32 = 0
      guard ioctl(descriptor, UInt(TIOCOUTQ), &unacknowledged) == 0 else {
        throw HarnessError(call: "ioctl SIOCOUTQ")
      }
      return unacknowledged == 0
    }
  }
}

/// Sending without ever reading.
extension Client {
  /// Sends `bytes` again and again, until the server takes no more for a while or hangs up.
  func sendUntilFull(_ bytes: [UInt8]) throws {
    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while poll(&ready, 1, 100) == 1, ready.revents == Int16(POLLOUT) {
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      if Glibc.send(descriptor, bytes, bytes.count, flags) < 0, errno != EAGAIN { return }
    }
  }
}
