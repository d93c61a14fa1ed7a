import Common

// snippet: mutex
/// One index behind one mutex: every shard goes in by itself and waits while another is inside.
///
/// Inside, names are looked up and nothing else: frames are delivered by the shards, when the mutex
/// is free again. If it sent or even formatted something in here, all other shards would wait for
/// it.
final class MutexRegistry: Registry, @unchecked Sendable {
  // Unchecked: the index is touched only while holding the mutex.
  private let mutex = PosixMutex()
  private var index = SubscriptionIndex<ConnectionRef>()

  func register(_ client: Connection, on shard: isolated Shard) -> RegistryReply? {
    let address = ConnectionRef(shard: shard, token: client.token)
    return .joined(mutex.withLock { index.add(address) })
  }

  func unregister(_ id: ClientID, topics: Set<String>, on shard: isolated Shard) {
    mutex.withLock { index.remove(id, topics: topics) }
  }

  func change(
    _ subscription: Subscription, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    mutex.withLock { index.change(subscription) }
    return .done
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    let found = mutex.withLock { index.byShard(audience) }
    return shard.fanOut(frame, to: found, from: client, orElse: audience.absence)
  }
}
// snippet: end
