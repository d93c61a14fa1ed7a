import Common

/// An actor that lives on its event loop: the loop is its executor, so its code and the handlers of
/// the loop's events run on one thread, one at a time. It alone owns its clients. Other shards send
/// it messages with ``post(_:)``.
actor Shard {
  nonisolated let index: Int
  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  let service: HelloService
  let options: ShardOptions
  let registry: any Registry
  /// All shards, including this one.
  var peers: [Shard] = []
  /// The listener; `nil` except on the first shard.
  var acceptor: Acceptor?
  var accepted = 0
  let clients = Slab<Connection>()
  /// The clients of `/ws`, if the registry is sharded.
  var members: SubscriptionIndex<Connection>
  /// Clients that continue at the end of this iteration, without an event: their budget was spent,
  /// or frames were queued for them.
  var scheduled: [Connection] = []
  /// The number of the loop's current iteration.
  var iteration: UInt16 = 1
  var counts = Counts()

  init(
    _ index: Int, _ loop: EventLoopExecutor, _ service: HelloService, _ registry: any Registry,
    _ options: ShardOptions, _ acceptor: consuming Acceptor? = nil
  ) {
    (self.index, self.loop, self.service) = (index, loop, service)
    (self.registry, self.options) = (registry, options)
    self.acceptor = acceptor
    members = SubscriptionIndex(first: options.firstID + index, step: options.loops)
  }

  /// Accepts clients and hands them to all shards in turn, which spreads them more evenly than a
  /// listener per loop would (see chapter 4). If the listener is gone, no client could ever connect
  /// again, so the server exits.
  /// - Parameter isPaused: whether the listener was ignored for a moment; see ``Acceptor``.
  func acceptClients(isPaused: Bool = false) {
    do {
      if isPaused { try acceptor?.reopen(loop.poller) }
      for _ in 0..<Acceptor.batch {
        guard let socket = try acceptor?.accept(loop.poller, &loop.timers) else { return }
        let box = AcceptedSocket(socket)
        peers[accepted % peers.count].post { $0.adopt(box) }
        accepted += 1
      }
    } catch { exitWithError("\(service.name): \(error)", status: 1) }
  }

  private func adopt(_ box: AcceptedSocket) {
    guard let socket = box.take() else { return }
    let number = socket.descriptor.number
    let client = Connection(socket, clients.makeToken(for: number), Session(service))
    clients.insert(client)
    do throws(SystemError) {
      // Both interests, once and for all: with an edge trigger, unneeded interest costs nothing.
      try loop.poller.register(number, token: client.token, interest: [.readable, .writable])
      if loop.isStopping { client.session.stop() }
      advance(client)
    } catch {
      close(client, because: service.reason(error))
    }
  }

  /// Forgets a client. Its descriptor is closed when the last reference to it is released; closing
  /// it also removes it from the poller.
  /// - Parameter reason: for the log; `nil` unless the client is disconnected against its will.
  func close(_ client: Connection, because reason: String? = nil) {
    if client.state == .closed { return }
    if let reason { service.log(client.transport.socket, reason) }
    client.state = .closed
    clients.remove(client.token)
    guard let id = client.session.clientID else { return }
    counts.clients -= 1
    _ = registry.update(.leave(id, topics: client.session.topics), of: client, on: self)
  }
}

/// Handlers for the loop's events.
extension Shard: EventHandler {
  func handle(_ event: Event) {
    guard let client = clients[event.token] else {
      if event.token == acceptor?.token { acceptClients() }
      return  // Otherwise the client ended earlier in the same batch.
    }
    client.transport.readiness.update(with: event)
    switch client.state {
    case .reading: advance(client)
    case .writing: if event.isWritable { advance(client) }
    case .pausing, .awaitingReply: if event.isHangUp { close(client) } else { flush(client) }
    case .scheduled, .closed: break
    }
  }

  /// Closes the listener. Each client still gets answers to what has arrived, then its connection
  /// ends.
  func handleStop() {
    acceptor = nil
    for client in clients.all {
      client.session.stop()
      if client.state == .reading { advance(client) }
    }
  }

  /// Runs the clients that were scheduled; returns true if there is more to do at once. After a
  /// stop was requested, the shard that sees that no client of any shard is left ends the process.
  func finishIteration() -> Bool {
    iteration &+= 1
    runScheduled()
    if loop.isStopping && Socket.openCount == 0 { exitOnce() }
    return !scheduled.isEmpty
  }
}
