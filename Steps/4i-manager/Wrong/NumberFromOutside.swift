// expect: thirty clients joined, and two of them have the same number
// file: ConnectionManager.swift
/// Knows the clients of `/events`. It runs one message at a time, and no outside code can touch
/// what it owns.
actor ConnectionManager {
  private var clients: [Int: Mailbox] = [:]
  private var lastID = 0

  /// Assigns a number and tells the client. Returns false if all places are taken.
  ///
  /// There is no `await` in here, so nothing can happen between the check and the change.
  nonisolated func join(_ mailbox: Mailbox) async -> Bool {
    let id = await lastID + 1
    return await add(mailbox, as: id)
  }

  private func add(_ mailbox: Mailbox, as id: Int) -> Bool {
    if clients.count >= Server.limit { return false }
    lastID = id
    clients[id] = mailbox
    mailbox.id = id
    mailbox.post("You are client \(id)")
    return true
  }

  func leave(_ id: Int) { clients[id] = nil }

  func broadcast(_ text: String) {
    for mailbox in clients.values { mailbox.post(text) }
  }
}
