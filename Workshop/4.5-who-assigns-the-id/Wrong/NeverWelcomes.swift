// expect: but the client was not welcomed exactly once
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]
  private var lastID = 0

  func register(_ client: Client) async -> Int {
    lastID += 1
    let id = lastID
    clients[id] = client
    return id
  }

  func unregister(_ id: Int) { clients[id] = nil }

  func send(_ text: String, to id: Int) -> Bool {
    guard let client = clients[id] else { return false }
    client.post(text)
    return true
  }
}
