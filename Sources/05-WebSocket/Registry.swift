import Common

// snippet: registry
/// Knows the clients of `/ws`. There are three, and `--registry` chooses: an actor, a mutex, an
/// index per shard.
///
/// A shard calls it on its thread, for one of its clients. The reply is `nil` if it comes
/// later, by ``Shard/handleReply(_:to:)``; until then the shard does not look at the client's next
/// message.
protocol Registry: Sendable {
  /// Assigns a number.
  func register(_ client: Connection, on shard: isolated Shard) -> RegistryReply?
  func unregister(_ id: ClientID, topics: Set<String>, on shard: isolated Shard)
  func change(_ subscription: Subscription, of client: Connection, on shard: isolated Shard)
    -> RegistryReply?
  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply?
  /// More members of `/stats`, each after a comma.
  var report: String { get async }
}

extension Registry {
  var report: String { get async { "" } }
}

/// A client subscribes to a topic, or unsubscribes.
struct Subscription: Sendable {
  let id: ClientID
  let topic: String
  let isOn: Bool
}

/// The clients that get a frame.
enum Audience: Sendable {
  case everyone
  case subscribers(of: String)
  case one(ClientID)
  /// Clients of one shard, found by a registry.
  case these([Token])

  /// The reply to the sender if there is no such client.
  var absence: RegistryReply { if case .one(let id) = self { .noClient(id) } else { .done } }
}

/// The outcome of a command.
enum RegistryReply: Sendable {
  case joined(ClientID)
  case done
  case noClient(ClientID)
  /// It could not be carried out, as this frame tells the sender.
  case failed([UInt8])
}
// snippet: end
