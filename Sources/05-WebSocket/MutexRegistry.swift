import Common

/// One directory behind one mutex: every shard goes in by itself and waits while another is inside.
///
/// Inside, names are looked up and nothing else: frames are delivered by the shards, when the mutex is free again. Whoever
/// sent or even formatted something in here would make everybody wait for it.
final class MutexRegistry: Registry, @unchecked Sendable {
  // Unchecked: the directory is touched only while holding the mutex.
  private let mutex = PosixMutex()
  private var directory = Directory<Address>()

  func register(_ client: Client, on shard: isolated Shard) -> Answer? {
    let address = Address(shard: shard, token: client.token)
    return .joined(mutex.withLock { directory.add(address) })
  }

  func unregister(_ id: ClientID, topics: Set<String>, on shard: isolated Shard) {
    mutex.withLock { directory.remove(id, topics: topics) }
  }

  func change(
    _ subscription: Subscription, of client: Client, on shard: isolated Shard
  ) -> Answer? {
    mutex.withLock { directory.change(subscription) }
    return .done
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    let found = mutex.withLock { directory.byShard(audience) }
    return shard.hand(frame, to: found, from: client, orElse: audience.absence)
  }
}
