// expect: already contains requests that another one counted
import Kit

actor Counts {
  static let shared = Counts()
  private var requests = 0
  private var bytes = 0

  func served(bytes count: Int) {
    requests += 1
    bytes += count
  }

  func totals() -> Totals { Totals(requests: requests, bytes: bytes) }
}

struct Statistics: Sendable {
  func served(bytes count: Int) async { await Counts.shared.served(bytes: count) }
  func totals() async -> Totals { await Counts.shared.totals() }
}
