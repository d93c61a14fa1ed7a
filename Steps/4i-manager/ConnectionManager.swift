/// Knows the clients of `/events`. It runs one message at a time, and no outside code can touch
/// what it owns.
actor ConnectionManager {
  private var clients: [Int: Mailbox] = [:]
  private var lastID = 0

  /// Assigns a number and tells the client. Returns false if all places are taken.
  ///
  /// There is no `await` in here, so nothing can happen between the check and the change.
  func join(_ mailbox: Mailbox) -> Bool {
    if clients.count >= Server.limit { return false }
    lastID += 1
    clients[lastID] = mailbox
    mailbox.id = lastID
    mailbox.post("You are client \(lastID)")
    return true
  }

  func leave(_ id: Int) { clients[id] = nil }

  func broadcast(_ text: String) {
    for mailbox in clients.values { mailbox.post(text) }
  }
}
