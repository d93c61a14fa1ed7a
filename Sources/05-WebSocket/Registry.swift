import Common

/// A registry of the clients of `/ws`. There are three, and `--registry` chooses one: an index per
/// shard, an actor, or a mutex.
///
/// A shard calls these functions on its thread, for one of its clients. They return `nil` if the
/// reply comes later, through ``Shard/handleReply(_:to:)``; until then the shard does not look at
/// the client's next message.
protocol Registry: Sendable {
  func update(_ change: Membership, of client: Connection, on shard: isolated Shard)
    -> RegistryReply?
  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply?
  /// Further members of the JSON object of `/stats`, each preceded by a comma.
  var report: String { get async }
}

extension Registry {
  var report: String { get async { "" } }
}

/// A change of a client's membership.
enum Membership: Sendable {
  /// The client joins; the reply is its id.
  case join
  /// The client is gone; nothing waits for the reply.
  case leave(ClientID, topics: Set<String>)
  case subscribe(ClientID, to: String)
  case unsubscribe(ClientID, from: String)
}

/// The clients that get a frame.
enum Audience: Sendable {
  case everyone
  case subscribers(of: String)
  case one(ClientID)
  /// Clients of one shard that a registry has looked up.
  case these([Token])

  /// The reply to the sender if there is no such client.
  var absence: RegistryReply { if case .one(let id) = self { .noClient(id) } else { .done } }
}

/// The part of an audience that one shard owns.
typealias Route = (shard: Shard, audience: Audience)

/// The outcome of a command.
enum RegistryReply: Sendable {
  case joined(ClientID)
  case done
  case noClient(ClientID)
  /// The command could not be carried out; this frame tells the sender why.
  case failed([UInt8])
}
