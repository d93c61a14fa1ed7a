// expect: A timeout below 0 means forever
import Kit

/// Who has to be thrown out, and when. All times are microseconds. No client's number is ever used
/// again.
struct Deadlines {
  /// Ten seconds: to begin a request, and again to complete it.
  static let patience = 10_000_000

  /// When to look at a client. Its deadline may have moved on by then.
  private var heap = Heap()
  private var deadlines: [Int: Int] = [:]
  /// Those who have begun a request.
  private var begun: Set<Int> = []

  mutating func connected(_ client: Int, at now: Int) {
    deadlines[client] = now + Self.patience
    heap.insert(now + Self.patience, client)
  }

  mutating func received(_ client: Int, at now: Int) {
    if begun.insert(client).inserted { deadlines[client] = now + Self.patience }
  }

  mutating func answered(_ client: Int, at now: Int) {
    begun.remove(client)
    deadlines[client] = now + Self.patience
  }

  mutating func left(_ client: Int) {
    begun.remove(client)
    deadlines[client] = nil
  }

  func timeout(at now: Int) -> Int {
    guard let first = heap.first else { return -1 }
    return (first.time - now + 999) / 1000
  }

  mutating func expired(at now: Int) -> [Int] {
    var clients: [Int] = []
    while let (time, client) = heap.first, time <= now {
      heap.removeFirst()
      guard let deadline = deadlines[client] else { continue }  // It has left.
      if deadline <= now {
        left(client)
        clients.append(client)
      } else {
        heap.insert(deadline, client)
      }
    }
    return clients
  }
}
