import Kit

/// The clients of `/ws`, and their numbers.
actor ConnectionManager {
  private var clients: [Int: Client] = [:]
  private var lastID = 0

  /// The manager assigns the number, so there is no shared counter that someone could forget to
  /// lock.
  func register(_ client: Client) async -> Int {
    lastID += 1
    let id = lastID
    clients[id] = client
    await client.welcome(as: id)
    return id
  }

  func unregister(_ id: Int) { clients[id] = nil }

  func send(_ text: String, to id: Int) -> Bool {
    guard let client = clients[id] else { return false }
    client.post(text)
    return true
  }
}
