import Common
import Glibc

// snippet: registry
/// A registry for several nodes: a command whose receivers may be on other nodes goes to the
/// backplane, any other to the shards' own registry. Without `--backplane` it does not exist.
struct BackplaneRegistry: Registry {
  let backplane: Backplane
  private let local = ShardedRegistry()

  init(_ backplane: Backplane) { self.backplane = backplane }

  func update(
    _ change: Membership, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    let reply = local.update(change, of: client, on: shard)
    switch change {
    case .join: break
    case .leave(_, let topics): for topic in topics { closeUnlessSubscribed(topic, on: shard) }
    case .subscribe(_, let topic): return ask(client, shard) { $0.open(topic, for: $1) }
    case .unsubscribe(_, let topic): closeUnlessSubscribed(topic, on: shard)
    }
    return reply
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    // The id alone tells whether it is a client of this node.
    if case .one(let id) = audience, shard.options.shard(of: id, among: shard.peers) != nil {
      return local.deliver(frame, to: audience, from: client, on: shard)
    }
    return ask(client, shard) { $0.publish(frame, to: audience, from: $1) }
  }

  var report: String { get async { await backplane.report } }

  /// Asks the backplane, which always replies; the client waits for that.
  private func ask(
    _ client: Connection, _ shard: isolated Shard,
    _ question: @escaping @Sendable (isolated Backplane, ConnectionRef) -> Void
  ) -> RegistryReply? {
    client.pendingReplies += 1
    let reference = ConnectionRef(shard: shard, token: client.token)
    backplane.post { question($0, reference) }
    return nil
  }

  private func closeUnlessSubscribed(_ topic: String, on shard: isolated Shard) {
    if shard.members.hasSubscribers(of: topic) { return }
    let index = shard.index
    backplane.post { $0.close(topic, on: index) }
  }
}
// snippet: end

extension ShardOptions {
  /// Joins the other nodes if `--backplane` was given. It waits for a number from Redis: without
  /// one there are no ids, so no client can be accepted yet.
  mutating func joinBackplane(_ service: HelloService, _ stop: StopSignal) throws -> Backplane? {
    guard let url = backplane else { return nil }
    guard registry == .sharded else {
      exitWithError("\(service.name): --backplane needs --registry sharded", status: EX_USAGE)
    }
    let backplane = try Backplane(url, service, stop)
    firstID = try backplane.start() * Backplane.idsPerNode + 1
    return backplane
  }

  /// Returns the shard that assigned this id; `nil` if another node did.
  func shard(of id: ClientID, among shards: [Shard]) -> Shard? {
    guard id >= firstID, id - firstID < Backplane.idsPerNode - 1 else { return nil }
    return shards[(id - firstID) % shards.count]
  }
}
