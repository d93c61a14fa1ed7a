import Common

/// An actor that lives on its event loop: its executor is the loop, so its code and the loop's events run on one thread,
/// one at a time. It owns its clients outright. Other shards reach it by messages, ``tell(_:)``.
actor Shard {
  nonisolated let index: Int
  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  let service: HelloService
  let options: ShardOptions
  let registry: any Registry
  /// All shards, this one too.
  var peers: [Shard] = []
  /// On the first shard only: where clients come in.
  var acceptor: Acceptor?
  var accepted = 0
  var clients = Slab<Connection>()
  /// Who is on `/ws`, where the registry is sharded.
  var members: SubscriptionIndex<Connection>
  /// Clients that go on at the end of this turn, without an event: they have used up their reads, or were sent frames.
  var scheduled: [Connection] = []
  /// Counts the turns of the loop.
  var turn: UInt32 = 1
  var counts = Counts()

  init(
    _ index: Int, _ loop: EventLoopExecutor, _ service: HelloService, _ registry: any Registry,
    _ options: ShardOptions, _ acceptor: consuming Acceptor? = nil
  ) {
    (self.index, self.loop, self.service) = (index, loop, service)
    (self.registry, self.options) = (registry, options)
    self.acceptor = acceptor
    members = SubscriptionIndex(first: index + 1, step: options.loops)
  }

  // snippet: tell
  /// Sends this shard a message, from any thread. Messages of one sender are carried out in their order.
  nonisolated func tell(_ message: @escaping @Sendable (isolated Shard) -> Void) {
    loop.execute { self.assumeIsolated(message) }
  }
  // snippet: end

  /// Clients are handed to all shards in turn: a listener per loop (`SO_REUSEPORT`) would spread them by a hash, evenly only in
  /// the long run, and lose those in a closing listener's backlog (see chapter 4).
  private func acceptClients() throws(SystemError) {
    for _ in 0..<64 {
      guard let socket = try acceptor?.accept(loop.poller, &loop.timers) else { return }
      let client = Connection(socket, Session(service), at: loop.buffers.now)
      peers[accepted % peers.count].tell { $0.adopt(client) }
      accepted += 1
    }
  }

  private func adopt(_ client: Connection) {
    let number = client.socket.descriptor.number
    client.token = clients.makeToken(for: number)
    clients.insert(client)
    do throws(SystemError) {
      // Both interests, once and for all: with an edge trigger that costs nothing.
      try loop.poller.register(number, token: client.token, interest: [.readable, .writable])
      if loop.isStopping { client.session.stop() }
      advance(client)
    } catch {
      close(client)
    }
  }

  /// The descriptor is closed, and with it leaves the poller, when the last reference goes.
  func close(_ client: Connection) {
    if client.wait == .closed { return }
    client.wait = .closed
    clients.remove(client.token)
    guard let id = client.session.clientID else { return }
    registry.unregister(id, topics: client.session.topics, on: self)
  }
}

/// What happens on the loop.
extension Shard: EventHandler {
  func handle(_ event: Event) {
    guard let client = clients[event.token] else {
      if event.token == acceptor?.token { try? acceptClients() }
      return  // Or it was for a client that ended earlier in the same batch.
    }
    client.readiness.note(event)
    switch client.wait {
    case .reading: advance(client)
    case .writing: if event.isWritable { advance(client) }
    case .pausing, .answer: if event.isHangUp { close(client) } else { flush(client) }
    case .closed: break
    }
  }

  /// Nobody new comes in; who is here gets answers to what has arrived, and then the end.
  func handleStop() {
    acceptor = nil
    for client in clients.all {
      client.session.stop()
      guard client.wait == .reading else { continue }
      client.readiness.insert(.mayRead)
      do {
        // What waits goes first: answers behind it would stay in the buffers, and reach the next client.
        if try client.outbox.flush(to: client.socket) { _ = try client.fill(&loop.buffers) }
      } catch { close(client) }
      advance(client)
    }
  }

  /// True where there is more to do at once. The last client of all, on whatever shard, ends a process that shall stop.
  func finishTurn() -> Bool {
    turn &+= 1
    runScheduled()
    if loop.isStopping && service.openConnections == 0 { exitOnce() }
    return !scheduled.isEmpty
  }
}
