import Glibc

/// Waits until a client is ready for `POLLIN` or `POLLOUT`. Returns false if the deadline comes
/// first, or if the server is stopping and there is nothing to receive yet.
func wait(for event: Int32, _ client: Int32, until deadline: ContinuousClock.Instant) -> Bool {
  var entry = pollfd(fd: client, events: Int16(event), revents: 0)
  while event == POLLOUT || !Server.isStopping {
    let left = max(0, (deadline - .now) / .milliseconds(1))
    let count = poll(&entry, 1, Int32(left.rounded(.up)))
    if count != -1 { return count == 1 }
  }
  return false
}

/// Sends every byte. Returns false if the client is gone, or takes nothing before the timeout.
func sendAll(_ bytes: [UInt8], to client: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes {
      send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EAGAIN || !wait(for: POLLOUT, client, until: .now + Server.timeout) {
      return false
    }
  }
  return true
}
