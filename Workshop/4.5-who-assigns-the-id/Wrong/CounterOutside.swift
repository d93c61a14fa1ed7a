// expect: its numbers come from a counter outside the manager
import Kit
import Synchronization

let lastID = Atomic(0)

actor ConnectionManager {
  private var clients: [Int: Client] = [:]

  func register(_ client: Client) async -> Int {
    let id = lastID.add(1, ordering: .relaxed).newValue
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
