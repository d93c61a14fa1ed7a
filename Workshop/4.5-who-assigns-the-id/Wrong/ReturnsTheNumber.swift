// expect: left during its welcome, and its number was given to the next client
import Kit

actor ConnectionManager {
  private var clients: [Int: Client] = [:]
  private var lastID = 0
  private var welcoming: Set<Int> = []

  func register(_ client: Client) async -> Int {
    lastID += 1
    let id = lastID
    clients[id] = client
    welcoming.insert(id)
    await client.welcome(as: id)
    welcoming.remove(id)
    return id
  }

  func unregister(_ id: Int) {
    if id == lastID && welcoming.contains(id) { lastID -= 1 }
    clients[id] = nil
  }

  func send(_ text: String, to id: Int) -> Bool {
    guard let client = clients[id] else { return false }
    client.post(text)
    return true
  }
}
