import Common

// snippet: index
/// The clients of `/ws`, and the topics that they have subscribed to. A plain value: the three
/// registries differ in how they guard it.
struct SubscriptionIndex<Member> {
  /// In the order in which they came, nearly: so their memory is read nearly from one end to the
  /// other, and not across.
  private var members: [(id: ClientID, member: Member)] = []
  private var places: [ClientID: Int] = [:]
  private var subscribers: [String: Set<ClientID>] = [:]
  private var nextID: ClientID
  private let step: Int

  /// - Parameters:
  ///   - first: the first number that is given out.
  ///   - step: the difference to the next; with as many indexes as this, no two give out the same.
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
    if place < members.count {  // The last one takes the place that is free.
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

/// A client's name for code that does not own it.
struct ConnectionRef: Sendable {
  let shard: Shard
  let token: Token
}

extension SubscriptionIndex<ConnectionRef> {
  /// One message per shard, instead of one per client.
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
