import Common

/// Accepts clients on the first loop, and hands them to all loops in turn. One listener and a hand-off instead
/// of a listener per loop (`SO_REUSEPORT`): the kernel would spread clients by a hash, evenly only in the long run, and lose
/// those that wait in a closing listener's backlog.
actor AcceptLoop {
  nonisolated let workers: [LoopActor]
  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private var listener: Listener?

  init(_ listener: consuming Listener, _ workers: [LoopActor]) {
    self.listener = consume listener
    (self.workers, loop) = (workers, workers[0].loop)
  }

  /// Serves until a stop is requested and all clients have gone. Every client's task is a child of this one: structure
  /// guarantees that none outlives this function, and cancelling it cancels them.
  func run() async {
    let workers = workers
    let services = workers.map { worker in Service { await worker.serveNext() } }
    try? await withTaskCancellationHandler {
      try await withThrowingDiscardingTaskGroup { group in
        guard let number = listener?.descriptor.number else { return }
        let token = try workers[0].reactor.add(number)
        var next = 0
        while let client = try await nextClient(token) {
          workers[next].admit(client)
          group.addTask(executorPreference: workers[next].loop, operation: services[next].run)
          next = (next + 1) % workers.count
        }
        workers[0].reactor.remove(token)
        listener = nil  // Nobody new comes in; the group waits for those who are here.
      }
    } onCancel: {
      // One handler for all clients costs less than one in each task.
      for worker in workers { worker.reactor.notifyAll(.cancel) }
    }
  }

  /// `nil` once a stop is requested.
  private func nextClient(_ token: Token) async throws -> Socket? {
    let reactor = workers[0].reactor
    while !loop.isStopping {
      do {
        if let socket = try listener?.accept(nonBlocking: true) { return socket }
        reactor.clear(token, .mayRead)
        _ = await reactor.wait(token, for: .reading, until: .distantFuture)
      } catch {
        // Out of descriptors, most likely. The client stays in the backlog until others have gone.
        _ = await reactor.wait(token, for: .sleeping, until: loop.buffers.now + .milliseconds(50))
      }
      try Task.checkCancellation()
    }
    return nil
  }
}

/// What a client's task runs. It is made once for all clients of a worker, so that a task has no closure of its own.
private struct Service: Sendable {
  let run: @Sendable @isolated(any) () async throws -> Void
}
