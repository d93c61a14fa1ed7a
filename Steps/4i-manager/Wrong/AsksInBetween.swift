// expect: there are five places, and
// file: ConnectionManager.swift
/// The clients of `/events`. It runs one message at a time, and no code outside can touch what it owns.
actor ConnectionManager {
  private var clients: [Int: Mailbox] = [:]
  private var lastID = 0

  /// Assigns the number, and says it to the client. False if all places are taken.
  ///
  /// There is no `await` in here, so nothing comes between the question and the answer to it.
  func join(_ mailbox: Mailbox) async -> Bool {
    if clients.count >= Server.limit { return false }
    await Task.yield()  // A question to a database, say.
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
