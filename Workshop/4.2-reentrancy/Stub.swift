import Kit

/// Lets in at most `limit` clients at a time, and none that are on the blocklist.
///
/// It has a bug. Requirements: there are never more than `limit` clients inside; a refused client
/// is not counted; if there is a free place, no client is refused (a place may be held for a client
/// that is being looked up); and no client waits for another client's lookup.
actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  /// Returns whether the client may enter.
  func enter(_ client: String) async -> Bool {
    if inside == limit { return false }
    guard await blocklist.allows(client) else { return false }
    inside += 1
    return true
  }

  func leave() { inside -= 1 }
}
