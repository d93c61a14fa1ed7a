// expect: found no free place was refused but counted anyway
import Kit

actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  func enter(_ client: String) async -> Bool {
    inside += 1
    guard await blocklist.allows(client) else {
      inside -= 1
      return false
    }
    return inside <= limit
  }

  func leave() { inside -= 1 }
}
