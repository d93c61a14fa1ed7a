import Common

/// A registry with one index behind one mutex. Every shard locks it on its own thread, and waits
/// while another shard holds it.
///
/// With the mutex held, it only looks clients up. If a frame were sent or even formatted with the
/// mutex held, all other shards would wait.
final class MutexRegistry: Registry, @unchecked Sendable {
  // Unchecked: the index is touched only while holding the mutex.
  private let mutex = PosixMutex()
  private var index = SubscriptionIndex<ConnectionRef>()

  func update(
    _ change: Membership, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    let reference = ConnectionRef(shard: shard, token: client.token)
    return mutex.withLock { index.apply(change, of: reference) }
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    let found = mutex.withLock { index.byShard(audience) }
    return shard.fanOut(frame, to: found, from: client, orElse: audience.absence)
  }
}
