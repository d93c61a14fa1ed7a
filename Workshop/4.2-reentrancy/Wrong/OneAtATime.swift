// expect: A lookup in progress is no reason to refuse
import Kit

actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  private var isAsking = false

  func enter(_ client: String) async -> Bool {
    if inside == limit || isAsking { return false }
    isAsking = true
    defer { isAsking = false }
    guard await blocklist.allows(client) else { return false }
    inside += 1
    return true
  }

  func leave() { inside -= 1 }
}
