import Common

// snippet: mutex
/// A registry with one index behind one mutex. Every shard locks it on its own thread, and waits
/// while another shard holds it.
///
/// With the mutex held, it only looks clients up. The shards deliver the frames after it is
/// released: if a frame were sent or even formatted with the mutex held, all other shards would
/// wait.
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
