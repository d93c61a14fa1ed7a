// expect: was being welcomed, another client asked for a number
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]
  private var lastID = 0

  func register(_ client: Client) async -> Int {
    let id = lastID + 1
    await client.welcome(as: id)
    clients[id] = client
    lastID = id
    return id
  }

  func unregister(_ id: Int) { clients[id] = nil }

  func send(_ text: String, to id: Int) -> Bool {
    guard let client = clients[id] else { return false }
    client.post(text)
    return true
  }
}
