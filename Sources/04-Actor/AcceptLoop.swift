import Common

// snippet: accept
/// Accepts clients on the first loop, and hands them to all loops in turn. One listener and a
/// hand-off instead of a listener per loop (`SO_REUSEPORT`): the kernel would spread clients by a
/// hash, evenly only in the long run, and lose those that wait in a closing listener's backlog.
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

  /// Serves until a stop is requested and all clients have gone. Every client's task is a child of
  /// this one: structure guarantees that none outlives this function.
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
        if count % Acceptor.batch == 0 { await Task.yield() }  // The turn of those who are in.
      }
      acceptor = nil  // No new clients come in; the group waits for those who are here.
    }
  }

  /// Returns `nil` once a stop is requested.
  private func nextClient() async throws -> Socket? {
    while !loop.isStopping {
      if let socket = try acceptor?.accept(loop.poller, &loop.timers) { return socket }
      await withUnsafeContinuation { continuation = $0 }
    }
    return nil
  }
}

/// The events of the loop.
extension AcceptLoop {
  nonisolated func announce(_ name: String) { assumeIsolated { $0.acceptor?.announce(name) } }

  /// Clients have come, or the server stops.
  nonisolated func wake() { assumeIsolated { $0.continuation.take()?.resume() } }

  nonisolated func reopen() {
    assumeIsolated { try? $0.acceptor?.reopen($0.loop.poller) }
    wake()
  }
}

/// The code of a client's task: one closure for all clients of a worker, so no task allocates one.
private struct Service: Sendable {
  let run: @Sendable @isolated(any) () async throws -> Void
}
// snippet: end
