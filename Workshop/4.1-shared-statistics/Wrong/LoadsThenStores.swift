// expect: The load is one step and the store is another
import Kit
import Synchronization

final class Statistics: Sendable {
  private let requests = Atomic(0)
  private let bytes = Atomic(0)

  func served(bytes count: Int) {
    requests.store(requests.load(ordering: .relaxed) + 1, ordering: .relaxed)
    bytes.store(bytes.load(ordering: .relaxed) + count, ordering: .relaxed)
  }

  func totals() -> Totals {
    Totals(requests: requests.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed))
  }
}
