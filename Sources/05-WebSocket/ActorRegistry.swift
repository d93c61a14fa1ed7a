import Common

// snippet: actor
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

  func register(_ client: Connection, on shard: isolated Shard) -> RegistryReply? {
    let address = ConnectionRef(shard: shard, token: client.token)
    return ask(client, shard) { shard in
      let id = await self.add(address)
      // If the client hung up while this task waited, `close` had no id to unregister. Without this
      // line, the index would keep the client forever.
      if client.state == .closed { await self.remove(id, []) }
      return .joined(id)
    }
  }

  func unregister(_ id: ClientID, topics: Set<String>, on shard: isolated Shard) {
    // Touching `shard` keeps the task on the shard's loop, after the client's earlier commands.
    // Swift's own threads may be busy with a `/burn`, and until they are free, a client that is
    // gone would take up memory.
    Task {
      _ = shard.index
      await self.remove(id, topics)
    }
  }

  func change(
    _ subscription: Subscription, of client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    ask(client, shard) { _ in
      await self.change(subscription)
      return .done
    }
  }

  func deliver(
    _ frame: [UInt8], to audience: Audience, from client: Connection, on shard: isolated Shard
  ) -> RegistryReply? {
    ask(client, shard) { shard in
      shard.fanOut(
        frame, to: await self.find(audience), from: client, orElse: audience.absence)
    }
  }

  /// Starts a task that asks the actor. The client waits until the task replies.
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

  private func add(_ address: ConnectionRef) -> ClientID { index.add(address) }
  private func remove(_ id: ClientID, _ topics: Set<String>) {
    index.remove(id, topics: topics)
  }
  private func change(_ subscription: Subscription) { index.change(subscription) }
  private func find(_ audience: Audience) -> [(shard: Shard, audience: Audience)] {
    index.byShard(audience)
  }
}
// snippet: end
