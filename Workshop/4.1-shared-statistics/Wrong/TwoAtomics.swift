// expect: must change together, under one lock
import Kit
import Synchronization

final class Statistics: Sendable {
  private let requests = Atomic(0)
  private let bytes = Atomic(0)

  func served(bytes count: Int) {
    requests.wrappingAdd(1, ordering: .relaxed)
    bytes.wrappingAdd(count, ordering: .relaxed)
  }

  func totals() -> Totals {
    Totals(requests: requests.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed))
  }
}
