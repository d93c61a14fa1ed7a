// expect: The read is one message to the actor and the write is another
import Kit

actor Numbers {
  var requests = 0
  var bytes = 0

  func set(requests: Int, bytes: Int) { (self.requests, self.bytes) = (requests, bytes) }
}

struct Statistics: Sendable {
  private let numbers = Numbers()

  func served(bytes count: Int) async {
    let requests = await numbers.requests
    let bytes = await numbers.bytes
    await numbers.set(requests: requests + 1, bytes: bytes + count)
  }

  func totals() async -> Totals {
    Totals(requests: await numbers.requests, bytes: await numbers.bytes)
  }
}
