import Kit

/// Lets at most `limit` clients in at a time, and none that is on the blocklist.
actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  /// Clients that are inside, and places that are held for those who are being looked up.
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  /// Whether the client may come in.
  func enter(_ client: String) async -> Bool {
    if inside == limit { return false }
    inside += 1  // Before the await: after it, others may have come.
    if await blocklist.allows(client) { return true }
    inside -= 1
    return false
  }

  func leave() { inside -= 1 }
}
