import Common

/// One directory in one actor, the connection manager: who asks it waits in `await`, in a task that lives as long as the
/// question.
///
/// It lives on the first loop. On Swift's own threads it would do as well, but every question would wake one of them; here,
/// the clients of the first loop ask without leaving their thread.
actor ActorRegistry: Registry {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private var directory = Directory<Address>()

  init(on loop: EventLoop) { self.loop = loop }

  func register(_ client: Client, on shard: isolated Shard) -> Answer? {
    let address = Address(shard: shard, token: client.token)
    return ask(client, shard) { shard in
      let id = await self.add(address)
      // It may have gone meanwhile, without a number to sign off.
      if client.wait == .closed { await self.remove(id, []) }
      return .joined(id)
    }
  }

  func unregister(_ client: Client, as id: ClientID, on shard: isolated Shard) {
    let topics = client.session.topics
    Task { await self.remove(id, topics) }
  }

  func broadcast(
    _ frame: [UInt8], from client: Client, on shard: isolated Shard
  ) -> Answer? {
    ask(client, shard) { shard in shard.hand(frame, to: await self.everyone, from: client) }
  }

  func send(
    _ frame: [UInt8], to id: ClientID, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    ask(client, shard) { shard in
      guard let address = await self.address(of: id) else { return .noClient(id) }
      return shard.hand(frame, to: [address].byShard, from: client, orElse: .noClient(id))
    }
  }

  func subscribe(
    _ client: Client, _ id: ClientID, to topic: String, on shard: isolated Shard
  ) -> Answer? {
    ask(client, shard) { _ in
      await self.subscribe(id, to: topic)
      return .done
    }
  }

  func unsubscribe(
    _ client: Client, _ id: ClientID, from topic: String, on shard: isolated Shard
  ) -> Answer? {
    ask(client, shard) { _ in
      await self.unsubscribe(id, from: topic)
      return .done
    }
  }

  func publish(
    _ frame: [UInt8], to topic: String, from client: Client, on shard: isolated Shard
  ) -> Answer? {
    ask(client, shard) { shard in
      shard.hand(frame, to: await self.subscribers(of: topic), from: client)
    }
  }

  /// The client waits for a task, and the task for the actor.
  private func ask(
    _ client: Client, _ shard: isolated Shard,
    _ question: @escaping @Sendable (isolated Shard) async -> Answer?
  ) -> Answer? {
    client.answersDue += 1
    let token = client.token
    Task {
      // Where other shards still have to answer, they are counted as well.
      let answer = await question(shard) ?? .done
      shard.answer(answer, to: token)
    }
    return nil
  }

  private var everyone: [(shard: Shard, audience: Audience)] { directory.all.byShard }
  private func subscribers(of topic: String) -> [(shard: Shard, audience: Audience)] {
    directory.of(topic).byShard
  }
  private func address(of id: ClientID) -> Address? { directory[id] }
  private func add(_ address: Address) -> ClientID { directory.add(address) }
  private func remove(_ id: ClientID, _ topics: Set<String>) {
    directory.remove(id, topics: topics)
  }
  private func subscribe(_ id: ClientID, to topic: String) {
    directory.subscribe(id, to: topic)
  }
  private func unsubscribe(_ id: ClientID, from topic: String) {
    directory.unsubscribe(id, from: topic)
  }
}
