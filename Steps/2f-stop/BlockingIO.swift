import Glibc

/// Waits until a descriptor is ready for `POLLIN` or `POLLOUT`. Returns false if the deadline comes
/// first, or if the server is stopping and there is nothing to receive yet.
func wait(for event: Int32, _ descriptor: Int32, until deadline: ContinuousClock.Instant?) -> Bool {
  let stop = event == POLLIN ? Server.stop.descriptor : -1  // poll(2) ignores -1.
  var entries = [(descriptor, event), (stop, POLLIN)].map {
    pollfd(fd: $0, events: Int16($1), revents: 0)
  }
  while true {
    let count = poll(&entries, 2, deadline.map(milliseconds) ?? -1)
    if count != -1 { return entries[0].revents != 0 }
  }
}

/// Sleeps until the deadline. A signal does not shorten the sleep.
func sleep(until deadline: ContinuousClock.Instant) {
  while ContinuousClock.now < deadline { poll(nil, 0, milliseconds(until: deadline)) }
}

private func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
  Int32(max(0, (deadline - .now) / .milliseconds(1)).rounded(.up))
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
