import Common

/// Accepts clients on the first loop, and hands them to all loops in turn. One listener and a hand-off instead
/// of a listener per loop (`SO_REUSEPORT`): the kernel would spread clients by a hash, evenly only in the long run, and lose
/// those that wait in a closing listener's backlog.
actor Acceptor {
  nonisolated let workers: [Worker]
  nonisolated var loop: EventLoop { workers[0].loop }
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let service: HelloService
  private var listener: Listener?
  private let waiter = Waiter()

  init(_ listener: consuming Listener, _ service: HelloService, _ workers: [Worker]) {
    self.service = service
    self.listener = consume listener
    self.workers = workers
  }

  /// Serves until a stop is requested and all clients have gone, or the grace is over: then the others are cancelled.
  /// Structure guarantees that nothing outlives this function.
  func run(_ stop: StopSignal, grace: Duration) async {
    await withTaskGroup { group in
      group.addTask { await self.serveClients() }
      group.addTask { await self.waitForEndOfGrace(stop, grace) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Every client's task is a child of this one. Cancellation reaches them through their waiters: one handler for all costs
  /// less than one in each task.
  private func serveClients() async {
    guard let number = listener?.descriptor.number,
      (try? workers[0].waiters.add(waiter, number)) != nil
    else { return }
    let workers = workers
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { group in
        var accepted = 0
        while let client = await nextClient() {
          let worker = workers[accepted % workers.count]
          accepted += 1
          group.addTask(executorPreference: worker.loop) { await worker.run(client) }
        }
      }
    } onCancel: {
      for worker in workers { worker.waiters.tellAll(.cancel) }
    }
  }

  /// `nil` once a stop is requested, or this task is cancelled; then nobody listens any more.
  private func nextClient() async -> Client? {
    while !loop.isStopping {
      do {
        if let socket = try listener?.accept(nonBlocking: true) { return Client(socket, service) }
        waiter.mayRead = false
        guard case .ready = await waiter.wait(for: .reading, until: .distantFuture, on: loop) else {
          break
        }
      } catch {
        // Out of descriptors, most likely. The client stays in the backlog until others have gone.
        let later = loop.now.instant + .milliseconds(50)
        guard case .timedOut = await waiter.wait(for: .sleeping, until: later, on: loop) else {
          break
        }
      }
    }
    workers[0].waiters.remove(waiter)
    listener = nil
    return nil
  }

  private func waitForEndOfGrace(_ stop: StopSignal, _ grace: Duration) async {
    let waiter = Waiter()
    let waiters = workers[0].waiters
    guard let copy = try? stop.duplicate(), (try? waiters.add(waiter, copy.number)) != nil else {
      return
    }
    let token = waiter.token
    await withTaskCancellationHandler {
      _ = await waiter.wait(for: .reading, until: .distantFuture, on: loop)
      _ = await waiter.wait(for: .sleeping, until: loop.now.instant + grace, on: loop)
    } onCancel: {
      waiters.tell(token, .cancel)
    }
    waiters.remove(waiter)
  }
}
