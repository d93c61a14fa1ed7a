import Common

// snippet: accept
/// An actor that accepts clients on the first loop and hands them to all loops in turn. A listener
/// per loop (`SO_REUSEPORT`) would need no hand-off, but the kernel would assign clients by a hash,
/// which is even only in the long run, and would drop those in the backlog of a listener that
/// closes.
actor AcceptLoop {
  nonisolated let loop: EventLoopExecutor
  nonisolated let token: Token
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let workers: [LoopActor]
  private var acceptor: Acceptor?
  private var continuation: UnsafeContinuation<Void, Never>?

  /// - Throws: ``SystemError`` if the first loop cannot watch the listener.
  init(_ listener: consuming Listener, _ workers: [LoopActor]) throws(SystemError) {
    (self.workers, loop) = (workers, workers[0].loop)
    let acceptor = try Acceptor(listener, loop.poller)
    token = acceptor.token
    self.acceptor = consume acceptor
  }

  /// Serves until a stop is requested and every client is gone. Each client's task is a child task
  /// of this one, so none can outlive this function.
  /// - Throws: ``SystemError`` if the listener is gone.
  func run() async throws {
    let workers = workers
    let services = workers.map { worker in Service { await worker.serveNext() } }
    try await withThrowingDiscardingTaskGroup { group in
      var count = 0
      while let client = try await nextClient() {
        let (worker, service) = (workers[count % workers.count], services[count % workers.count])
        worker.admit(client)
        group.addTask(executorPreference: worker.loop, operation: service.run)
        count += 1
        if count % Acceptor.batch == 0 { await Task.yield() }  // Lets the others run.
      }
      acceptor = nil  // Closes the listener. The group waits for its tasks.
    }
  }

  /// Waits for a client and returns its socket; `nil` once a stop is requested.
  private func nextClient() async throws -> Socket? {
    while !loop.isStopping {
      if let socket = try acceptor?.accept(loop.poller, &loop.timers) { return socket }
      await withUnsafeContinuation { continuation = $0 }
    }
    return nil
  }
}

/// Handlers for the loop's events.
extension AcceptLoop {
  nonisolated func announce(_ name: String) { assumeIsolated { $0.acceptor?.announce(name) } }

  /// Resumes the accepting task: clients have arrived, or the server is stopping.
  nonisolated func wake() { assumeIsolated { $0.continuation.take()?.resume() } }

  nonisolated func reopen() {
    assumeIsolated { try? $0.acceptor?.reopen($0.loop.poller) }
    wake()
  }
}

/// The code of a client's task. All clients of a worker share one closure, so no task allocates its
/// own.
private struct Service: Sendable {
  let run: @Sendable @isolated(any) () async throws -> Void
}
// snippet: end
