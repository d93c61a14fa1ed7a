import Common

/// Knows who is on `/ws`. There are three, and `--registry` chooses: an actor, a mutex, a directory per shard.
///
/// A shard calls it on its own thread, for one of its own clients. The answer is `nil` where it comes later, by
/// ``Shard/answer(_:to:)``; until then the shard does not look at the client's next message.
protocol Registry: Sendable {
  /// Assigns a number.
  func register(_ client: Client, on shard: isolated Shard) -> Answer?
  func unregister(_ client: Client, as id: ClientID, on shard: isolated Shard)
  func broadcast(_ frame: [UInt8], from client: Client, on shard: isolated Shard) -> Answer?
  func send(
    _ frame: [UInt8], to id: ClientID, from client: Client, on shard: isolated Shard
  ) -> Answer?
  func subscribe(
    _ client: Client, _ id: ClientID, to topic: String, on shard: isolated Shard
  ) -> Answer?
  func unsubscribe(
    _ client: Client, _ id: ClientID, from topic: String, on shard: isolated Shard
  ) -> Answer?
  func publish(
    _ frame: [UInt8], to topic: String, from client: Client, on shard: isolated Shard
  ) -> Answer?
}

/// What an order came to.
enum Answer: Sendable {
  case joined(ClientID)
  case done
  case noClient(ClientID)
}
