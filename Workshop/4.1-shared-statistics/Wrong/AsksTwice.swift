// expect: can come between two of them. Change both numbers in one message
import Kit

actor Counts {
  private(set) var requests = 0
  private(set) var bytes = 0

  func served(bytes count: Int) {
    requests += 1
    bytes += count
  }
}

struct Statistics: Sendable {
  private let counts = Counts()

  func served(bytes count: Int) async { await counts.served(bytes: count) }

  func totals() async -> Totals {
    Totals(requests: await counts.requests, bytes: await counts.bytes)
  }
}
