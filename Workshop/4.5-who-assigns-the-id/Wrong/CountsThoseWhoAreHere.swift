// expect: The number of clients that are connected says nothing
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]

  func register(_ client: Client) async -> Int {
    let id = clients.count + 1
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
