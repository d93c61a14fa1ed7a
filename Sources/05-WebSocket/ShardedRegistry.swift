import Common

/// A registry without a central index: each shard indexes the clients that it owns, on its thread,
/// without a lock.
///
/// An id determines its shard: shard `i` of `n` assigns `i + 1`, `i + 1 + n`, `i + 1 + 2n`, … So
/// ids are unique without a shared counter, and a message to one client goes to the right shard by
/// arithmetic. A broadcast takes one message per shard.
struct ShardedRegistry: Registry {
  func update(
    _ change: Membership, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    shard.members.apply(change, of: client)
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    var shards = shard.peers
    if case .one(let id) = audience {
      shards = shard.options.shard(of: id, among: shard.peers).map { [$0] } ?? []
    }
    return shard.fanOut(
      frame, to: shards.map { ($0, audience) }, from: client, orElse: audience.absence)
  }
}
