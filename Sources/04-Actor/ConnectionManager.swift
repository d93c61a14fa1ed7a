import Common

/// The clients of `/ws`. An actor: whoever sends it a message waits in `await`, not on a lock, and what it owns
/// nobody else can touch.
actor ConnectionManager {
  // snippet: manager
  private var clients: [ClientID: Mailbox] = [:]
  private var lastID = 0

  var count: Int { clients.count }

  /// The manager assigns the id. There is no counter outside that somebody could forget to guard.
  func register(_ client: Mailbox) -> ClientID {
    lastID += 1
    clients[lastID] = client
    return lastID
  }
  // snippet: end

  func unregister(_ id: ClientID) { clients[id] = nil }

  func broadcast(_ frame: [UInt8]) {
    for client in clients.values { client.post(frame) }
  }

  /// False where there is no such client.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    guard let client = clients[id] else { return false }
    client.post(frame)
    return true
  }
}
