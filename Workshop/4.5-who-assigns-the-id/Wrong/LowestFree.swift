// expect: A message for the client that left now reaches
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]

  func register(_ client: Client) async -> Int {
    var id = 1
    while clients[id] != nil { id += 1 }
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
