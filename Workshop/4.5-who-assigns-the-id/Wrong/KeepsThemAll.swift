// expect: but the manager still keeps this many
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]
  private var lastID = 0
  private var all: [Client] = []

  func register(_ client: Client) async -> Int {
    lastID += 1
    let id = lastID
    clients[id] = client
    all.append(client)
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
