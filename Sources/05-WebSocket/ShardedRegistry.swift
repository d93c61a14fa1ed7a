import Common

/// Nobody knows everybody: each shard keeps a directory of its own clients, on its own thread, without a lock.
///
/// A number tells its shard: shard `i` of `n` gives out `i + 1`, `i + 1 + n`, `i + 1 + 2n`, … So numbers are unique without a
/// counter that all share, and a message to one client goes to the right shard by arithmetic. A broadcast is one message
/// per shard.
struct ShardedRegistry: Registry {
  func register(_ client: Client, on shard: isolated Shard) -> Answer? {
    .joined(shard.members.add(client))
  }

  func unregister(_ client: Client, as id: ClientID, on shard: isolated Shard) {
    shard.members.remove(id, topics: client.session.topics)
  }

  func broadcast(_ frame: [UInt8], from client: Client, on shard: isolated Shard) -> Answer? {
    shard.hand(frame, to: shard.peers.map { ($0, .everyone) }, from: client)
  }

  func send(
    _ frame: [UInt8], to id: ClientID, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    guard id > 0 else { return .noClient(id) }
    let owner = shard.peers[(id - 1) % shard.peers.count]
    return shard.hand(frame, to: [(owner, .one(id))], from: client, orElse: .noClient(id))
  }

  func subscribe(
    _ client: Client, _ id: ClientID, to topic: String, on shard: isolated Shard
  ) -> Answer? {
    shard.members.subscribe(id, to: topic)
    return .done
  }

  func unsubscribe(
    _ client: Client, _ id: ClientID, from topic: String, on shard: isolated Shard
  ) -> Answer? {
    shard.members.unsubscribe(id, from: topic)
    return .done
  }

  func publish(
    _ frame: [UInt8], to topic: String, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    shard.hand(frame, to: shard.peers.map { ($0, .subscribers(of: topic)) }, from: client)
  }
}
