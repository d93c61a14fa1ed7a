import Common

/// An actor that lives on its event loop: its executor is the loop, so its code and the loop's events run on one thread,
/// one at a time. It owns its clients outright. Other shards reach it by messages, ``tell(_:)``.
actor Shard {
  nonisolated let index: Int
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  let service: HelloService
  let options: ShardOptions
  let registry: any Registry
  let census: Census
  /// All shards, this one too.
  var peers: [Shard] = []
  /// On one shard only: the door.
  var acceptor: Acceptor?
  @exclusivity(unchecked) var clients = TokenTable<Client>()
  /// Who is on `/ws`, where the registry is sharded.
  var members: Directory<Client>
  /// Clients that go on at the end of this turn, without an event: they have used up their turns, or were sent frames.
  var scheduled: [Client] = []
  @exclusivity(unchecked) var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  var counts = Counts()

  init(
    _ index: Int, _ loop: EventLoop, _ service: HelloService, _ registry: any Registry,
    _ options: ShardOptions, _ census: Census
  ) {
    (self.index, self.loop, self.service) = (index, loop, service)
    (self.registry, self.options, self.census) = (registry, options, census)
    members = Directory(first: index + 1, step: options.loops)
  }

  /// Sends this shard a message, from any thread. Messages of one sender are carried out in their order.
  nonisolated func tell(_ message: @escaping @Sendable (isolated Shard) -> Void) {
    loop.perform { self.assumeIsolated(message) }
  }

  /// Takes a client over from the acceptor.
  func adopt(_ client: Client) {
    let number = client.socket.descriptor.number
    client.token = clients.makeToken(for: number)
    clients.insert(client, client.token)
    do throws(SystemError) {
      // Both interests, once and for all: with an edge trigger that costs nothing.
      try loop.poller.register(
        number, token: client.token, interest: [.readable, .writable])
      if loop.isStopping { client.session.stop() }
      advance(client)
    } catch {
      close(client)
    }
  }

  /// The descriptor is closed, and with it leaves the poller, when the last reference goes.
  func close(_ client: Client) {
    if client.wait == .closed { return }
    client.wait = .closed
    clients.remove(client.token)
    if let id = client.session.clientID { registry.unregister(client, as: id, on: self) }
    census.leave()
  }
}

/// The loop's events. They come on the loop's thread, where the actor is at home, and `assumeIsolated` checks just that: it
/// enters the actor without a task and without `await`.
extension Shard: EventHandler {
  nonisolated func handle(_ events: borrowing ReadyEvents) {
    // Once for all events of a wait: it costs as much as parsing a message.
    assumeIsolated { for index in 0..<events.count { $0.take(events[index]) } }
  }

  nonisolated func handleTimer(_ token: Token, deadline: Instant) {
    assumeIsolated { $0.takeTimer(token, deadline) }
  }

  nonisolated func handleStop() { assumeIsolated { $0.beginStop() } }

  nonisolated func finishTurn() -> Bool { assumeIsolated { $0.runScheduled() } }

  private func take(_ event: Event) {
    guard let client = clients[event.token] else {
      if event.token == acceptor?.token { acceptClients() }
      return  // Or it was for a client that ended earlier in the same batch.
    }
    if event.isReadable { client.mayRead = true }
    if event.isReadClosed { client.isReadClosed = true }
    switch client.wait {
    case .reading, .writing: advance(client)
    case .pausing, .answer: if event.isHangUp { close(client) } else { flush(client) }
    case .closed: break
    }
  }

  /// Nobody new comes in; who is here gets answers to what has arrived, and then the end.
  private func beginStop() {
    if let acceptor { closeDoor(acceptor) }
    for client in clients.all {
      client.mayRead = true
      do { _ = try client.fill(&buffer) } catch { close(client) }
      client.session.stop()
      schedule(client)
    }
  }
}
