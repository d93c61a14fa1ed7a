// expect: on the blocklist was never given back
import Kit

actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  func enter(_ client: String) async -> Bool {
    if inside == limit { return false }
    inside += 1
    return await blocklist.allows(client)
  }

  func leave() { inside -= 1 }
}
