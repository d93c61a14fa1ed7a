// expect: stored property 'requests' of 'Sendable'-conforming class 'Statistics' is mutable
import Kit

final class Statistics: Sendable {
  private var requests = 0
  private var bytes = 0

  func served(bytes count: Int) async {
    requests += 1
    bytes += count
  }

  func totals() async -> Totals { Totals(requests: requests, bytes: bytes) }
}
