import Kit

/// Lets at most `limit` clients in at a time, and none that is on the blocklist.
///
/// There is a mistake in it. What must hold: never more than `limit` clients are inside; whoever is refused is not counted;
/// where there is room, nobody is refused (a place may be held for a client who is being looked up); and no client waits until
/// another one has been looked up.
actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  /// Whether the client may come in.
  func enter(_ client: String) async -> Bool {
    if inside == limit { return false }
    guard await blocklist.allows(client) else { return false }
    inside += 1
    return true
  }

  func leave() { inside -= 1 }
}
