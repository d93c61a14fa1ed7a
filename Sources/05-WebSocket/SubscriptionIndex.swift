import Common

/// An index of the clients of `/ws` and of the topics that they have subscribed to. It is a plain
/// value; the registries differ in how they guard it.
struct SubscriptionIndex<Member> {
  /// In the order in which they joined: a broadcast reads their memory mostly in sequence, and
  /// because ids grow, a binary search finds one. `nil` where a member has left.
  private var members: [(id: ClientID, member: Member?)] = []
  private var gaps = 0
  private var subscribers: [String: Set<ClientID>] = [:]
  private var nextID: ClientID
  private let step: Int

  /// Assigns `first`, `first + step`, …: as many indexes as `step` says never assign the same id.
  init(first: ClientID = 1, step: Int = 1) { (nextID, self.step) = (first, step) }

  /// Calls `body` with every member of the audience; returns false if there is none.
  func forEach(in audience: Audience, _ body: (Member) -> Void) -> Bool {
    switch audience {
    case .everyone:
      for case (_, let member?) in members { body(member) }
      return members.count > gaps
    case .subscribers(let topic):
      for id in subscribers[topic] ?? [] { _ = forEach(in: .one(id), body) }
      return subscribers[topic] != nil
    case .one(let id):
      guard let place = place(of: id), let member = members[place].member else { return false }
      body(member)
      return true
    case .these: return false
    }
  }

  func hasSubscribers(of topic: String) -> Bool { subscribers[topic] != nil }

  /// Carries out a change, and returns the reply to the client.
  mutating func apply(_ change: Membership, of member: Member) -> RegistryReply {
    switch change {
    case .join:
      members.append((nextID, member))
      nextID += step
      return .joined(nextID - step)
    case .leave(let id, let topics):
      for topic in topics { unsubscribe(id, from: topic) }
      remove(id)
    case .subscribe(let id, let topic): subscribers[topic, default: []].insert(id)
    case .unsubscribe(let id, let topic): unsubscribe(id, from: topic)
    }
    return .done
  }

  private func place(of id: ClientID) -> Int? {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low].id == id ? low : nil
  }

  private mutating func remove(_ id: ClientID) {
    guard let place = place(of: id) else { return }
    members[place].member = nil
    gaps += 1
    if 2 * gaps < members.count { return }  // So each member is moved only once on average.
    members.removeAll { $0.member == nil }
    gaps = 0
  }

  private mutating func unsubscribe(_ id: ClientID, from topic: String) {
    subscribers[topic]?.remove(id)
    if subscribers[topic]?.isEmpty == true { subscribers[topic] = nil }
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
  func byShard(_ audience: Audience) -> [Route] {
    var groups: [Int: (shard: Shard, tokens: [Token])] = [:]
    _ = forEach(in: audience) {
      groups[$0.shard.index, default: ($0.shard, [])].tokens.append($0.token)
    }
    return groups.values.map { ($0.shard, .these($0.tokens)) }
  }
}
