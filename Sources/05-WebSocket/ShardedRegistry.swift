import Common

// snippet: sharded
/// No place knows all clients: each shard keeps its own index, on its own thread, without a lock.
///
/// A number tells its shard: shard `i` of `n` gives out `i + 1`, `i + 1 + n`, `i + 1 + 2n`, … So
/// numbers are unique without a counter that all share, and a message to one client goes to the
/// right shard by arithmetic. A broadcast is one message per shard.
struct ShardedRegistry: Registry {
  func register(_ client: Connection, on shard: isolated Shard) -> RegistryReply? {
    .joined(shard.members.add(client))
  }

  func unregister(_ id: ClientID, topics: Set<String>, on shard: isolated Shard) {
    shard.members.remove(id, topics: topics)
  }

  func change(
    _ subscription: Subscription, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    shard.members.change(subscription)
    return .done
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    var shards = shard.peers
    if case .one(let id) = audience {
      guard let owner = shard.options.shard(of: id, among: shard.peers) else {
        return audience.absence
      }
      shards = [owner]
    }
    return shard.fanOut(
      frame, to: shards.map { ($0, audience) }, from: client, orElse: audience.absence)
  }
}
// snippet: end
