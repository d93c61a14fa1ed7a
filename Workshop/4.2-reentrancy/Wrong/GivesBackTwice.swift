// expect: gives back the place that it took exactly once
import Kit

actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  func enter(_ client: String) async -> Bool {
    if inside == limit { return false }
    inside += 1  // Before the await: during it, other clients may arrive.
    if await blocklist.allows(client) { return true }
    leave()
    inside -= 1
    if inside < 0 { inside = 0 }
    return false
  }

  func leave() { inside -= 1 }
}
