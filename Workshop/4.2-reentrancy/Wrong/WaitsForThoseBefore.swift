// expect: so a single slow lookup stops everyone
import Kit

actor Entrance {
  private let limit: Int
  private let blocklist: Blocklist
  private var inside = 0

  init(limit: Int, blocklist: Blocklist) { (self.limit, self.blocklist) = (limit, blocklist) }

  private var last: Task<Bool, Never>?

  func enter(_ client: String) async -> Bool {
    let before = last
    let mine = Task {
      _ = await before?.value
      return await self.lookUp(client)
    }
    last = mine
    return await mine.value
  }

  private func lookUp(_ client: String) async -> Bool {
    if inside == limit { return false }
    guard await blocklist.allows(client) else { return false }
    inside += 1
    return true
  }

  func leave() { inside -= 1 }
}
