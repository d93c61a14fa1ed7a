import Kit

/// Lets in at most `limit` clients at a time, and none that are on the blocklist.
actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  /// The clients that are inside, plus the places held for clients that are being looked up.
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  /// Returns whether the client may enter.
  func enter(_ client: String) async -> Bool {
    if inside == limit { return false }
    inside += 1  // Before the await: during it, other clients may arrive.
    if await blocklist.allows(client) { return true }
    inside -= 1
    return false
  }

  func leave() { inside -= 1 }
}
