// expect: The read is one withLock call and the write is another
import Kit
import Synchronization

final class Statistics: Sendable {
  private let numbers = Mutex(Totals(requests: 0, bytes: 0))

  func served(bytes count: Int) {
    var new = numbers.withLock { $0 }
    new.requests += 1
    new.bytes += count
    numbers.withLock { $0 = new }
  }

  func totals() -> Totals { numbers.withLock { $0 } }
}
