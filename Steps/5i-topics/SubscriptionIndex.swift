/// The clients of `/ws` on one shard, and the topics that they subscribe to.
struct SubscriptionIndex {
  private var members: [Int: Connection] = [:]
  private var subscribers: [String: Set<Int>] = [:]
  private var nextID: Int

  /// Shard 0 of 3 gives out 1, 4, 7, …
  init(first: Int) { nextID = first }

  mutating func add(_ member: Connection) -> Int {
    defer { nextID += Server.loops }
    members[nextID] = member
    return nextID
  }

  mutating func remove(_ id: Int, topics: Set<String>) {
    members[id] = nil
    for topic in topics { unsubscribe(id, from: topic) }
  }

  mutating func subscribe(_ id: Int, to topic: String) {
    subscribers[topic, default: []].insert(id)
  }

  mutating func unsubscribe(_ id: Int, from topic: String) {
    subscribers[topic]?.remove(id)
    if subscribers[topic]?.isEmpty == true { subscribers[topic] = nil }
  }

  func members(in audience: Audience) -> [Connection] {
    switch audience {
    case .everyone: Array(members.values)
    case .subscribers(let topic): (subscribers[topic] ?? []).compactMap { members[$0] }
    case .one(let id): members[id].map { [$0] } ?? []
    }
  }
}
