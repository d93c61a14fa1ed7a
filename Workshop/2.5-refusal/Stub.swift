import Kit

/// A pool that says no when it is full.
final class Pool: @unchecked Sendable {
  private let workers: Int
  private let queue: Int
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared`: the check sees which thread touches it, and what that thread holds. Mark what you
  // add like this, too.
  @Shared private var isClosed = false
  @Shared private var waiting: [Client] = []

  /// - Parameters:
  ///   - workers: how many threads are in `work()`.
  ///   - queue: how many clients may wait for one of them.
  init(workers: Int, queue: Int) { (self.workers, self.queue) = (workers, queue) }

  /// A thread that accepts hands over a client that has connected. There may be several such
  /// threads.
  ///
  /// Yours to change. What must hold: at most `workers + queue` clients are here at a time; who
  /// finds no room gets `client.refuse()`, which sends a 503; nobody else does; and no thread that
  /// accepts ever waits for a worker, nor do the workers wait for a refusal.
  func submit(_ client: Client) {
    mutex.withLock {
      waiting.append(client)
      notEmpty.signal()
    }
  }

  /// A worker's life. Yours to change, too.
  func work() {
    while let client = take() {
      client.serve()
    }
  }

  private func take() -> Client? {
    mutex.withLock {
      while waiting.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }

  /// No more clients will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
