import Common

/// A registry with one index in one actor, like chapter 4's connection manager. Each command of a
/// client starts a task, which waits for the actor with `await` and ends with the reply.
///
/// The actor runs on the first loop. It could run on Swift's own threads, but then every command
/// would wake one of them; here, commands from the first loop's clients stay on their thread.
actor ActorRegistry: Registry {
  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private(set) var index = SubscriptionIndex<ConnectionRef>()

  init(on loop: EventLoopExecutor) { self.loop = loop }

  func update(
    _ change: Membership, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    let reference = ConnectionRef(shard: shard, token: client.token)
    return ask(client, shard) { shard in
      let reply = await self.apply(change, of: reference)
      // If the client hung up while this task waited, `close` had no id to remove. Without this
      // line, the index would keep the client forever.
      if case .joined(let id) = reply, client.state == .closed {
        _ = await self.apply(.leave(id, topics: []), of: reference)
      }
      return reply
    }
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    ask(client, shard) { shard in
      shard.fanOut(frame, to: await self.find(audience), from: client, orElse: audience.absence)
    }
  }

  /// Starts a task that asks the actor. The client waits until the task replies. Using `shard`
  /// keeps the task on the shard's loop: Swift's own threads may be busy with a `/burn`.
  private func ask(
    _ client: Connection, _ shard: isolated Shard,
    _ question: @escaping @Sendable (isolated Shard) async -> RegistryReply?
  ) -> RegistryReply? {
    client.pendingReplies += 1
    let token = client.token
    Task {
      // `nil` means that other shards still have to reply: those replies are counted separately.
      let reply = await question(shard) ?? .done
      shard.handleReply(reply, to: token)
    }
    return nil
  }

  private func apply(_ change: Membership, of reference: ConnectionRef) -> RegistryReply {
    index.apply(change, of: reference)
  }
  private func find(_ audience: Audience) -> [Route] { index.byShard(audience) }
}
