import Common

// snippet: index
/// An index of the clients of `/ws` and of the topics that they have subscribed to. It is a plain
/// value; the registries differ in how they guard it.
struct SubscriptionIndex<Member> {
  /// Roughly in the order in which they joined, so a broadcast reads their memory mostly in
  /// sequence, not at random.
  private var members: [(id: ClientID, member: Member)] = []
  private var places: [ClientID: Int] = [:]
  private var subscribers: [String: Set<ClientID>] = [:]
  private var nextID: ClientID
  private let step: Int

  /// - Parameters:
  ///   - first: the first id that is assigned.
  ///   - step: the difference to the next id. With that many indexes, no two assign the same id.
  init(first: ClientID = 1, step: Int = 1) { (nextID, self.step) = (first, step) }

  /// Calls `body` with every member of the audience; returns false if there is none.
  @inline(__always)
  func forEach(in audience: Audience, _ body: (Member) -> Void) -> Bool {
    switch audience {
    case .everyone:
      for (_, member) in members { body(member) }
      return !members.isEmpty
    case .subscribers(let topic):
      for id in subscribers[topic] ?? [] {
        if let place = places[id] { body(members[place].member) }
      }
      return subscribers[topic] != nil
    case .one(let id):
      guard let place = places[id] else { return false }
      body(members[place].member)
      return true
    case .these: return false
    }
  }

  func hasSubscribers(of topic: String) -> Bool { subscribers[topic] != nil }

  mutating func add(_ member: Member) -> ClientID {
    defer { nextID += step }
    places[nextID] = members.count
    members.append((nextID, member))
    return nextID
  }

  mutating func remove(_ id: ClientID, topics: Set<String>) {
    guard let place = places.removeValue(forKey: id), let last = members.popLast() else { return }
    if place < members.count {  // The last member moves into the free place.
      members[place] = last
      places[last.id] = place
    }
    for topic in topics { change(Subscription(id: id, topic: topic, isOn: false)) }
  }

  mutating func change(_ subscription: Subscription) {
    let (id, topic) = (subscription.id, subscription.topic)
    if subscription.isOn {
      subscribers[topic, default: []].insert(id)
    } else {
      subscribers[topic]?.remove(id)
      if subscribers[topic]?.isEmpty == true { subscribers[topic] = nil }
    }
  }
}

/// A reference to a client, for code that does not own the client.
struct ConnectionRef: Sendable {
  let shard: Shard
  let token: Token
}

extension SubscriptionIndex<ConnectionRef> {
  /// Groups an audience by shard, so that a frame takes one message per shard instead of one per
  /// client.
  func byShard(_ audience: Audience) -> [(shard: Shard, audience: Audience)] {
    var groups: [(shard: Shard, tokens: [Token])?] = []
    _ = forEach(in: audience) { address in
      let index = address.shard.index
      while groups.count <= index { groups.append(nil) }
      if groups[index] == nil { groups[index] = (address.shard, []) }
      groups[index]?.tokens.append(address.token)
    }
    return groups.compactMap { group in group.map { ($0.shard, .these($0.tokens)) } }
  }
}
// snippet: end
