import Common

/// Serves clients on one loop. It is an actor, and the loop is its executor: all its clients share its buffers without a
/// lock, because one of them runs at a time, until its next `await`.
actor LoopActor {
  nonisolated let loop: EventLoopExecutor
  nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let service: HelloService
  private let manager: ConnectionManager
  private let outbox: Int
  /// Clients whose tasks have not begun yet.
  private var acceptedSockets: [AcceptedSocket] = []

  init(
    _ loop: EventLoopExecutor, _ service: HelloService, _ manager: ConnectionManager,
    _ options: ActorOptions
  ) {
    (self.loop, self.service, self.manager, outbox) = (loop, service, manager, options.outbox)
    reactor = Reactor(loop, grace: options.server.grace)
  }

  /// Takes a client in, from any thread, before its task begins.
  nonisolated func admit(_ socket: consuming Socket) {
    let accepted = AcceptedSocket(socket)
    loop.execute { self.assumeIsolated { $0.acceptedSockets.append(accepted) } }
  }

  /// A client's task, from accept to close. Inlined, like what it calls: so the task has one frame, which fits into the memory
  /// it is born with.
  @inline(__always)
  func serveNext() async {
    guard let socket = acceptedSockets.removeFirst().socket.take(),
      let token = try? reactor.add(socket.descriptor.number)
    else { return }
    var session = Session(service)
    try? await serve(socket, token, &session)  // An error ends this client only.
    if let id = session.clientID { await manager.unregister(id) }
    reactor.remove(token)
  }

  // snippet: serve
  /// One client, from its first byte to its last.
  @inline(__always)
  private func serve(
    _ socket: borrowing Socket, _ token: Token, _ session: inout Session
  ) async throws {
    var mailbox: Mailbox?
    while true {
      switch session.next(&loop.buffers) {
      case .read(let deadline):
        switch await reactor.wait(token, for: .reading, until: deadline) {
        case .ready:
          guard let count = try reactor.receive(token, from: socket) else { continue }
          if loop.isStopping { session.stop() }
          session.receive(count, &loop.buffers)
        case .timedOut: session.timeOut()
        case .news:
          if loop.isStopping { session.stop() }
          for frame in mailbox?.empty() ?? [] { session.enqueue(frame) }
        case .cancelled: throw CancellationError()
        }
      case .write:
        let rest = try socket.send(&loop.buffers)
        if !rest.isEmpty { try await send(rest, to: socket, token) }
      case .pause(let time):
        try await sleep(for: time, token)
        if loop.isStopping { session.stop() }
      case .burn(let time): await burnElsewhere(for: time)
      case .deliver(let command): await deliver(command, token, &mailbox, &session)
      case .halfClose: socket.shutdownWriting()
      case .finish: return
      }
    }
  }
  // snippet: end

  @inline(never)
  private func deliver(
    _ command: Command, _ token: Token, _ mailbox: inout Mailbox?, _ session: inout Session
  ) async {
    switch command {
    case .join:
      let new = Mailbox(token, reactor, limit: outbox)
      mailbox = new
      session.joined(as: await manager.register(new))
    case .broadcast(let frame): await manager.broadcast(frame)
    case .send(let frame, let id):
      if await !manager.send(frame, to: id) { session.noClient(id) }
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
    // What it sent to itself comes before its next answer.
    for frame in mailbox?.empty() ?? [] { session.enqueue(frame) }
  }

  /// What the kernel did not take at once.
  @inline(never)
  private func send(
    _ rest: [UInt8], to socket: borrowing Socket, _ token: Token
  ) async throws {
    var sent = 0
    while sent < rest.count {
      reactor.clear(token, .mayWrite)
      let deadline = loop.buffers.now + service.options.sendTimeout
      guard case .ready = await reactor.wait(token, for: .writing, until: deadline) else {
        throw CancellationError()
      }
      sent += try socket.send(rest, sent..<rest.count) ?? 0
    }
  }

  @inline(never)
  private func sleep(for time: Duration, _ token: Token) async throws {
    let deadline = Instant.now + time
    guard case .timedOut = await reactor.wait(token, for: .sleeping, until: deadline) else {
      throw CancellationError()
    }
  }

  /// Computing would stop all clients of this loop, so Swift's own threads do it.
  @inline(never)
  private func burnElsewhere(for time: Duration) async {
    await withTaskExecutorPreference(globalConcurrentExecutor) { await Self.compute(for: time) }
  }

  @concurrent
  private static func compute(for time: Duration) async { burn(for: time) }
}

/// What happens on the loop is for those who wait there.
extension LoopActor: EventHandler {
  func handle(_ event: Event) { reactor.handle(event) }
  func handleTimer(_ token: Token, deadline: Instant) {
    reactor.handleTimer(token, deadline: deadline)
  }
  func handleStop() { reactor.handleStop() }
}

/// A socket on its way from the acceptor to its task.
private final class AcceptedSocket: @unchecked Sendable {
  // Unchecked: given away by the one, taken by the other.
  var socket: Socket?

  init(_ socket: consuming Socket) { self.socket = consume socket }
}
