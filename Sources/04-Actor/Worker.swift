import Common

/// Serves clients on one loop. It is an actor, and the loop is its executor: all its clients share its buffer without a
/// lock, because one of them runs at a time, until its next `await`.
actor Worker {
  nonisolated let loop: EventLoop
  nonisolated let waiters: Waiters
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let service: HelloService
  private let manager: ConnectionManager
  private let outbox: Int
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  init(_ loop: EventLoop, _ service: HelloService, _ manager: ConnectionManager, outbox: Int) {
    (self.loop, self.service, self.manager, self.outbox) = (loop, service, manager, outbox)
    waiters = Waiters(loop)
  }

  /// A client's task, from accept to close.
  func run(_ client: Client) async {
    try? await serve(client)  // An error ends this client only.
    if let id = client.session.clientID { await manager.unregister(id) }
    waiters.remove(client)
  }

  /// One client, from its first byte to its last.
  private func serve(_ client: Client) async throws {
    try waiters.add(client, client.socket.descriptor.number)
    try Task.checkCancellation()
    while true {
      switch client.session.next(at: loop.now) {
      case .read(let deadline):
        switch await client.readable(until: deadline, on: loop) {
        case .ready:
          guard let count = try client.receive(into: &buffer) else { continue }
          client.session.receive(buffer.span.extracting(first: count))
          if loop.isStopping { client.session.stop() }
        case .timedOut: client.session.timeOut()
        case .news:
          if loop.isStopping { client.session.stop() }
          collectMail(client)
        case .cancelled: throw CancellationError()
        }
      case .write(let bytes):
        try await client.sendAll(bytes, within: service.options.sendTimeout, on: loop)
      case .pause(let time):
        try await client.sleep(for: time, on: loop)
        if loop.isStopping { client.session.stop() }
      case .burn(let time): await burnElsewhere(for: time)
      case .deliver(let order): await deliver(order, from: client)
      case .halfClose: client.socket.shutdownWriting()
      case .finish: return
      }
    }
  }

  @inline(never)
  private func deliver(
    _ order: Order, from client: Client
  ) async {
    switch order {
    case .join:
      let mailbox = Mailbox(for: client, waiters, limit: outbox)
      client.mailbox = mailbox
      client.session.joined(as: await manager.register(mailbox))
    case .broadcast(let frame): await manager.broadcast(frame)
    case .send(let frame, let id):
      if await !manager.send(frame, to: id) { client.session.noClient(id) }
    }
    collectMail(client)  // What it sent to itself comes before its next answer.
  }

  private func collectMail(_ client: Client) {
    for frame in client.mailbox?.empty() ?? [] { client.session.enqueue(frame) }
  }

  /// Computing would stop all clients of this loop, so Swift's own threads do it.
  @inline(never)
  private func burnElsewhere(for time: Duration) async {
    await withTaskExecutorPreference(globalConcurrentExecutor) { await Self.compute(for: time) }
  }

  @concurrent
  private static func compute(for time: Duration) async { burn(for: time) }
}
