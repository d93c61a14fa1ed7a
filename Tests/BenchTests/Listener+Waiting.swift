import Common
import Glibc

extension Listener {
  /// The next client, however long it takes to come (poll(2)); `nil` after shutdown(2).
  borrowing func nextClient() -> Socket? {
    while true {
      var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
      _ = poll(&entry, 1, -1)
      guard let client = try? accept() else {
        if entry.revents & Int16(POLLHUP) != 0 { return nil }
        continue
      }
      return client
    }
  }
}
