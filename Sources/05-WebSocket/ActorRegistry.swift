import Common

// snippet: actor
/// One index in one actor, the connection manager: a client that asks it waits in `await`, in a
/// task that lives as long as the question.
///
/// It lives on the first loop. On Swift's own threads it would do as well, but every question would
/// wake one of them; here, the clients of the first loop ask without leaving their thread.
actor ActorRegistry: Registry {
  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private(set) var index = SubscriptionIndex<ConnectionRef>()

  init(on loop: EventLoopExecutor) { self.loop = loop }

  func register(_ client: Connection, on shard: isolated Shard) -> RegistryReply? {
    let address = ConnectionRef(shard: shard, token: client.token)
    return ask(client, shard) { shard in
      let id = await self.add(address)
      // It may have gone meanwhile, without a number to sign off.
      if client.state == .closed { await self.remove(id, []) }
      return .joined(id)
    }
  }

  func unregister(_ id: ClientID, topics: Set<String>, on shard: isolated Shard) {
    // On the shard's loop, after the client's earlier questions. Swift's own threads may be busy
    // with a `/burn`, and a client that has gone would take up memory until they are free.
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

  /// The client waits for a task, and the task for the actor.
  private func ask(
    _ client: Connection, _ shard: isolated Shard,
    _ question: @escaping @Sendable (isolated Shard) async -> RegistryReply?
  ) -> RegistryReply? {
    client.pendingReplies += 1
    let token = client.token
    Task {
      // If other shards still have to reply, they are counted as well.
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
