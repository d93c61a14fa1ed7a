// expect: the server received SIGTERM, and the delay was cut short
// file: BlockingIO.swift
import Glibc

/// Waits until a client is ready for `POLLIN` or `POLLOUT`. Returns false if the deadline comes
/// first, or if the server is stopping and there is nothing to receive yet.
func wait(for event: Int32, _ client: Int32, until deadline: ContinuousClock.Instant) -> Bool {
  var entry = pollfd(fd: client, events: Int16(event), revents: 0)
  while event == POLLOUT || !Server.isStopping {
    let count = poll(&entry, 1, milliseconds(until: deadline))
    if count != -1 { return count == 1 }
  }
  return false
}

/// Sleeps until the deadline. A signal does not shorten the sleep.
func sleep(until deadline: ContinuousClock.Instant) {
  poll(nil, 0, milliseconds(until: deadline))
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
