import Common

/// Who is on `/ws`, and who has subscribed to what. A plain value: how it is guarded is what the three registries differ in.
struct Directory<Member> {
  private var members: [ClientID: Member] = [:]
  private var subscribers: [String: Set<ClientID>] = [:]
  private var nextID: ClientID
  private let step: Int

  /// - Parameters:
  ///   - first: the first number that is given out.
  ///   - step: the difference to the next; with as many directories as this, no two give out the same.
  init(first: ClientID = 1, step: Int = 1) { (nextID, self.step) = (first, step) }

  var all: Dictionary<ClientID, Member>.Values { members.values }

  subscript(id: ClientID) -> Member? { members[id] }

  func of(_ topic: String) -> [Member] {
    subscribers[topic].map { $0.compactMap { members[$0] } } ?? []
  }

  mutating func add(_ member: Member) -> ClientID {
    defer { nextID += step }
    members[nextID] = member
    return nextID
  }

  mutating func remove(_ id: ClientID, topics: Set<String>) {
    members[id] = nil
    for topic in topics { unsubscribe(id, from: topic) }
  }

  mutating func subscribe(_ id: ClientID, to topic: String) {
    subscribers[topic, default: []].insert(id)
  }

  mutating func unsubscribe(_ id: ClientID, from topic: String) {
    subscribers[topic]?.remove(id)
    if subscribers[topic]?.isEmpty == true { subscribers[topic] = nil }
  }
}

/// Where a client is to be found, for those who do not own it.
struct Address: Sendable {
  let shard: Shard
  let token: Token
}

extension Sequence<Address> {
  /// One message per shard, instead of one per client.
  var byShard: [(shard: Shard, audience: Audience)] {
    var groups: [(shard: Shard, tokens: [Token])?] = []
    for address in self {
      let index = address.shard.index
      while groups.count <= index { groups.append(nil) }
      if groups[index] == nil { groups[index] = (address.shard, []) }
      groups[index]?.tokens.append(address.token)
    }
    return groups.compactMap { group in group.map { ($0.shard, .these($0.tokens)) } }
  }
}
