import Common

/// Serves clients on one loop. It is an actor, and the loop is its executor: all its clients share its buffer without a
/// lock, because one of them runs at a time, until its next `await`.
actor Worker {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let service: HelloService
  private let manager: ConnectionManager
  private let outbox: Int
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  init(_ loop: EventLoop, _ service: HelloService, _ manager: ConnectionManager, outbox: Int) {
    (self.loop, self.service, self.manager, self.outbox) = (loop, service, manager, outbox)
  }

  /// A client's task, from accept to close.
  func run(_ client: Client) async {
    do {
      try loop.watch(client.socket.descriptor.number, client.waiter)
      try await loop.cancellable(client.waiter) { try await serve(client) }
    } catch {}  // An error ends this client only.
    if let id = client.id { await manager.unregister(id) }
    loop.forget(client.waiter)
  }

  /// One client, from its first byte to its last.
  private func serve(_ client: Client) async throws {
    var session = Session(service)
    while true {
      switch session.next(at: loop.now) {
      case .read(let deadline):
        switch await client.readable(until: deadline, on: loop) {
        case .ready:
          guard let count = try client.receive(into: &buffer) else { continue }
          session.receive(buffer.span.extracting(first: count))
          if loop.isStopping { session.stop() }
        case .timedOut: session.timeOut()
        case .news:
          if loop.isStopping { session.stop() }
          collectMail(client, &session)
        case .cancelled: throw CancellationError()
        }
      case .write(let bytes):
        try await client.sendAll(bytes, within: service.options.sendTimeout, on: loop)
      case .pause(let time): try await client.sleep(until: loop.now.instant + time, on: loop)
      case .burn(let time): await burnElsewhere(for: time)
      case .deliver(let order): await deliver(order, from: client, for: &session)
      case .halfClose: client.socket.shutdownWriting()
      case .finish: return
      }
    }
  }

  private func deliver(_ order: Order, from client: Client, for session: inout Session) async {
    switch order {
    case .join:
      let mailbox = Mailbox(for: client, on: loop, limit: outbox)
      client.mailbox = mailbox
      let id = await manager.register(mailbox)
      client.id = id
      session.joined(as: id)
    case .broadcast(let frame): await manager.broadcast(frame)
    case .send(let frame, let id):
      if await !manager.send(frame, to: id) { session.noClient(id) }
    }
    collectMail(client, &session)  // What it sent to itself comes before its next answer.
  }

  /// Computing would stop all clients of this loop, so Swift's own threads do it.
  private func burnElsewhere(for time: Duration) async {
    await withTaskExecutorPreference(globalConcurrentExecutor) { await Self.compute(for: time) }
  }

  @concurrent
  private static func compute(for time: Duration) async { burn(for: time) }

  private func collectMail(_ client: Client, _ session: inout Session) {
    for frame in client.mailbox?.empty() ?? [] { session.enqueue(frame) }
  }
}
