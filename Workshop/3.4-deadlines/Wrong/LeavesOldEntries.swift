// expect: expired did not remove it
import Kit

struct Deadlines {
  static let patience = 10_000_000

  private var heap = Heap()
  private var deadlines: [Int: Int] = [:]
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
    return max(0, (first.time - now + 999) / 1000)
  }

  mutating func expired(at now: Int) -> [Int] {
    var clients: [Int] = []
    while let (time, client) = heap.first, time <= now {
      guard let deadline = deadlines[client] else { break }  // The client has left.
      if deadline <= now {
        heap.removeFirst()
        left(client)
        clients.append(client)
      } else {
        break
      }
    }
    return clients
  }
}
