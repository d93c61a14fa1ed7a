// expect: whether or not the entrance is full
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
    if inside == limit { inside -= 1 }
    return false
  }

  func leave() { inside -= 1 }
}
