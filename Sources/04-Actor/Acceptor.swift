import Common

/// Accepts clients on the first loop, and hands them to the loops in turn. One listener and a hand-off instead
/// of a listener per loop (`SO_REUSEPORT`): the kernel would spread clients by a hash, evenly only in the long run, and lose those
/// that wait in a closing listener's backlog.
actor Acceptor {
  nonisolated let workers: [Worker]
  nonisolated var loop: EventLoop { workers[0].loop }
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private var listener: Listener?

  init(_ listener: consuming Listener, _ workers: [Worker]) {
    self.listener = consume listener
    self.workers = workers
  }

  /// Serves until a stop is requested and all clients have gone, or the grace is over: then those who are left are cancelled.
  /// Structure guarantees that nothing outlives this function.
  func run(_ stop: StopSignal, grace: Duration) async {
    await withTaskGroup { group in
      group.addTask { await self.acceptClients() }
      group.addTask { await self.waitForEndOfGrace(stop, grace) }
      await group.next()
      group.cancelAll()
    }
  }

  private func acceptClients() async {
    guard let number = listener?.descriptor.number else { return }
    let waiter = Waiter()
    guard (try? loop.watch(number, waiter)) != nil else { return }
    await loop.cancellable(waiter) {
      await withDiscardingTaskGroup { group in
        var accepted = 0
        while !loop.isStopping, let client = await nextClient(waiter) {
          let worker = workers[accepted % workers.count]
          accepted += 1
          group.addTask(executorPreference: worker.loop) { await worker.run(client) }
        }
        listener = nil
      }
    }
    loop.forget(waiter)
  }

  /// `nil` once this task is cancelled or the server stops.
  private func nextClient(_ waiter: Waiter) async -> Client? {
    while true {
      do {
        if let socket = try listener?.accept(nonBlocking: true) { return Client(socket) }
        waiter.mayRead = false
        let wakeup = await waiter.wait(for: .reading, until: .distantFuture, on: loop)
        guard case .ready = wakeup else { return nil }
      } catch {
        // No descriptor is left, for example. The client stays in the backlog until others have gone.
        let later = loop.now.instant + .milliseconds(50)
        guard case .timedOut = await waiter.wait(for: .sleeping, until: later, on: loop) else {
          return nil
        }
      }
    }
  }

  private func waitForEndOfGrace(_ stop: StopSignal, _ grace: Duration) async {
    let waiter = Waiter()
    guard let copy = try? stop.duplicate(), (try? loop.watch(copy.number, waiter)) != nil else {
      return
    }
    await loop.cancellable(waiter) {
      _ = await waiter.wait(for: .reading, until: .distantFuture, on: loop)
      _ = await waiter.wait(for: .sleeping, until: loop.now.instant + grace, on: loop)
    }
    loop.forget(waiter)
  }
}
