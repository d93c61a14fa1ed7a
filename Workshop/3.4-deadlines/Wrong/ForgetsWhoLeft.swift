// expect: although it had left long before
import Kit

/// Keeps track of which clients to disconnect, and when. All times are in microseconds. Client
/// numbers are never reused.
struct Deadlines {
  /// Ten seconds to start a request, and ten more to complete it.
  static let patience = 10_000_000

  /// When to check each client. Its deadline may have moved by then.
  private var heap = Heap()
  private var deadlines: [Int: Int] = [:]
  /// The clients that have started a request.
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
  }

  /// Rounds up, so that the loop does not wake up too early and spin.
  func timeout(at now: Int) -> Int {
    guard let first = heap.first else { return -1 }
    return max(0, (first.time - now + 999) / 1000)
  }

  mutating func expired(at now: Int) -> [Int] {
    var clients: [Int] = []
    while let (time, client) = heap.first, time <= now {
      heap.removeFirst()
      guard let deadline = deadlines[client] else { continue }  // The client has left.
      if deadline <= now {
        deadlines[client] = nil
        clients.append(client)
      } else {
        heap.insert(deadline, client)
      }
    }
    return clients
  }
}
