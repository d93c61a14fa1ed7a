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

  func unregister(_ client: Client, as id: ClientID, on shard: isolated Shard) {
    let topics = client.session.topics
    mutex.withLock { directory.remove(id, topics: topics) }
  }

  func broadcast(_ frame: [UInt8], from client: Client, on shard: isolated Shard) -> Answer? {
    let everyone = mutex.withLock { directory.all.byShard }
    return shard.hand(frame, to: everyone, from: client)
  }

  func send(
    _ frame: [UInt8], to id: ClientID, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    guard let address = mutex.withLock({ directory[id] }) else { return .noClient(id) }
    return shard.hand(frame, to: [address].byShard, from: client, orElse: .noClient(id))
  }

  func subscribe(
    _ client: Client, _ id: ClientID, to topic: String, on shard: isolated Shard
  ) -> Answer? {
    mutex.withLock { directory.subscribe(id, to: topic) }
    return .done
  }

  func unsubscribe(
    _ client: Client, _ id: ClientID, from topic: String, on shard: isolated Shard
  ) -> Answer? {
    mutex.withLock { directory.unsubscribe(id, from: topic) }
    return .done
  }

  func publish(
    _ frame: [UInt8], to topic: String, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    let subscribers = mutex.withLock { directory.of(topic).byShard }
    return shard.hand(frame, to: subscribers, from: client)
  }
}
