import Common

// snippet: state
/// Serves clients on one loop. It is an actor, and the loop is its executor: all its clients share
/// its buffers without a lock, because one of them runs at a time, until its next `await`.
actor LoopActor {
  nonisolated let loop: EventLoopExecutor
  nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  /// The reactor's entries.
  private let clients: Slab<ScheduledIO>
  private let service: HelloService
  private let manager: ConnectionManager
  /// Clients whose tasks have not started yet.
  private var accepted: [AcceptedSocket] = []
  /// On the first loop only: the task that waits for clients.
  var acceptLoop: AcceptLoop?

  init(
    _ loop: EventLoopExecutor, _ service: HelloService, _ manager: ConnectionManager,
    _ options: ActorOptions
  ) {
    (self.loop, self.service, self.manager) = (loop, service, manager)
    reactor = Reactor(loop, service, outbox: options.outbox)
    clients = reactor.entries
  }
  // snippet: end

  /// Takes a client in, from any thread, before its task starts.
  nonisolated func admit(_ socket: consuming Socket) {
    let box = AcceptedSocket(socket)
    post { $0.accepted.append(box) }
  }

  /// A client's task, from accept to close. Inlined, like what it calls: so the task has one frame,
  /// which fits into the memory it is born with.
  @inline(__always)
  func serveNext() async {
    // A task for each client; which task gets which client does not matter.
    guard let socket = accepted.popLast()?.take(), let token = try? reactor.add(socket) else {
      return
    }
    var session = Session(service)
    var reason: String?
    do { try await serve(token, &session) } catch is CancellationError {} catch {
      reason = service.reason(error)  // An error ends this client only.
    }
    if let id = session.clientID { await manager.unregister(id) }
    reactor.remove(token, because: reason)
  }

  // snippet: serve
  /// One client, from its first byte to its last.
  @inline(__always)
  private func serve(_ token: Token, _ session: inout Session) async throws {
    var budget = Budget()
    while true {
      // Don't suspend between a read and its answers: the answers are in the shared buffers.
      if loop.buffers.output.isEmpty {
        if try !clients[owned: token].transport.flush() { try await drain(token) }
        if budget.isSpent {
          await Task.yield()  // The others' turn.
          budget = Budget()
        }
        if loop.isStopping && !session.isStopping { session.stop() }
      }
      switch session.next(&loop.buffers) {
      case .read(let deadline):
        switch await reactor.wait(token, for: .reading, until: deadline) {
        case .ready:
          let count = try clients[owned: token].transport.receive(
            into: &loop.buffers, until: deadline)
          if let count {
            budget.spend(bytes: count)
            session.receive(count, &loop.buffers)
          } else if deadline <= loop.buffers.now {
            session.timeOut()
          }
        case .timedOut: session.timeOut()
        case .cancelled: throw CancellationError()
        }
      case .write:
        budget.spend(bytes: loop.buffers.output.count)
        if !session.takesFrames { clients[owned: token].takesFrames = false }  // It closes.
        _ = try clients[owned: token].transport.send(&loop.buffers.output)
      case .pause(let time): try await sleep(until: .now + time, token)
      case .burn(let time):
        burnElsewhere(for: time) { $0.reactor.wake(token) }
        try await sleep(until: .distantFuture, token)  // Meanwhile it may hang up.
      case .deliver(let command):
        budget.spend(deliveries: await deliver(command, token, &session))
      case .halfClose: clients[owned: token].transport.socket.shutdownWriting()
      case .finish: return
      }
    }
  }
  // snippet: end

  // snippet: deliver
  /// Returns the number of frames that this took.
  @inline(never)
  private func deliver(_ command: Command, _ token: Token, _ session: inout Session) async -> Int {
    let client = ConnectionRef(loop: self, token: token)
    switch command {
    case .join:
      session.joined(as: await manager.register(client))
      clients[owned: token].takesFrames = true
    case .broadcast(let frame):
      let count = await manager.broadcast(frame, from: client)
      session.enqueue(frame)  // A sender's own copy goes the way of its answers.
      return count
    case .send(let frame, session.clientID): session.enqueue(frame)
    case .send(let frame, let id):
      if await !manager.send(frame, to: id) { session.noClient(id) }
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
    return 1
  }
  // snippet: end

  // snippet: drain
  /// Waits until the kernel has taken everything. A client that takes nothing for the send timeout
  /// is cut off.
  @inline(never)
  private func drain(_ token: Token) async throws {
    let timeout = service.options.sendTimeout
    while try !clients[owned: token].transport.flush() {
      let now = loop.buffers.now
      let look = try clients[owned: token].transport.nextLook(timeout: timeout, at: now)
      if case .cancelled = await reactor.wait(token, for: .writing, until: look) {
        throw CancellationError()
      }
    }
  }
  // snippet: end

  @inline(never)
  private func sleep(until deadline: Instant, _ token: Token) async throws {
    guard case .timedOut = await reactor.wait(token, for: .sleeping, until: deadline) else {
      throw CancellationError()
    }
  }
}

/// The events of the loop, which resume the tasks that wait for them.
extension LoopActor: EventHandler {
  func handle(_ event: Event) {
    reactor.handle(event)
    if event.token == acceptLoop?.token { acceptLoop?.wake() }
  }

  func handleTimer(_ token: Token, deadline: Instant) {
    reactor.handleTimer(token, deadline: deadline)
    if token == acceptLoop?.token { acceptLoop?.reopen() }
  }

  func handleStop() {
    reactor.handleStop()
    acceptLoop?.wake()
  }
}
