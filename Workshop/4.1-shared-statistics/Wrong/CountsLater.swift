// expect: served starts a task and does not wait for it
import Kit

actor Statistics {
  private var requests = 0
  private var bytes = 0

  nonisolated func served(bytes count: Int) {
    Task { await self.add(count) }
  }

  private func add(_ count: Int) {
    requests += 1
    bytes += count
  }

  func totals() -> Totals { Totals(requests: requests, bytes: bytes) }
}
