// expect: returned a different number from the one in the welcome
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]
  private var lastID = 0

  func register(_ client: Client) async -> Int {
    lastID += 1
    clients[lastID] = client
    await client.welcome(as: lastID)
    return lastID
  }

  func unregister(_ id: Int) { clients[id] = nil }

  func send(_ text: String, to id: Int) -> Bool {
    guard let client = clients[id] else { return false }
    client.post(text)
    return true
  }
}
