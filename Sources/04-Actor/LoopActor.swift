import Common

// snippet: state
/// An actor that serves clients on one loop, which is its executor. The clients share its buffers
/// without a lock, because only one of them runs at a time, until its next `await`.
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
  /// The actor that accepts clients; `nil` except on the first loop.
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

  /// Hands over a client's socket, before the client's task starts. Call it on any thread.
  nonisolated func admit(_ socket: consuming Socket) {
    let box = AcceptedSocket(socket)
    post { $0.accepted.append(box) }
  }

  /// Runs a client's task, from accept to close. This function and those that it calls are inlined,
  /// so the task has a single frame, which fits into the memory that is allocated with the task.
  @inline(__always)
  func serveNext() async {
    // There is a task for each client, so it does not matter which task takes which client.
    guard let socket = accepted.popLast()?.take(), let token = try? reactor.add(socket) else {
      return
    }
    var session = Session(service)
    var reason: String?
    do { try await serve(token, &session) } catch is CancellationError {} catch {
      reason = service.reason(error)  // An error ends this connection, not the server.
    }
    if let id = session.clientID { await manager.unregister(id) }
    reactor.remove(token, because: reason)
  }

  // snippet: serve
  /// Serves one client, from its first byte to its last.
  @inline(__always)
  private func serve(_ token: Token, _ session: inout Session) async throws {
    var budget = Budget()
    while true {
      // Don't suspend between a read and its answers: the answers are in the shared buffers.
      if loop.buffers.output.isEmpty {
        if try !clients[owned: token].transport.flush() { try await drain(token) }
        if budget.isSpent {
          await Task.yield()  // Lets other clients run.
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
        // A Close frame is about to be sent: no broadcast may follow it.
        if !session.takesFrames { clients[owned: token].takesFrames = false }
        _ = try clients[owned: token].transport.send(&loop.buffers.output)
      case .pause(let time): try await sleep(until: .now + time, token)
      case .burn(let time):
        burnElsewhere(for: time) { $0.reactor.wake(token) }
        try await sleep(until: .distantFuture, token)  // Also ends if the client hangs up.
      case .deliver(let command):
        budget.spend(deliveries: await deliver(command, token, &session))
      case .halfClose: clients[owned: token].transport.socket.shutdownWriting()
      case .finish: return
      }
    }
  }
  // snippet: end

  // snippet: deliver
  /// Carries out a command. Returns what it costs the sender's budget, in frames.
  @inline(never)
  private func deliver(_ command: Command, _ token: Token, _ session: inout Session) async -> Int {
    let client = ConnectionRef(loop: self, token: token)
    switch command {
    case .join:
      session.joined(as: await manager.register(client))
      clients[owned: token].takesFrames = true
    case .broadcast(let frame):
      let count = await manager.broadcast(frame, from: client)
      session.enqueue(frame)  // The sender's own copy comes after its answers.
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
  /// Waits until the kernel has taken everything that is queued for a client. A client that takes
  /// nothing before the send timeout is over is cut off.
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

/// Handlers for the loop's events, which resume the tasks that wait for them.
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
