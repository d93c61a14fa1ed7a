import Kit

/// A pool that refuses clients when it is full.
final class Pool: @unchecked Sendable {
  private let workers: Int
  private let queue: Int
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared` lets the check see which threads access the variable, and which mutexes they hold.
  // Mark the variables you add in the same way.
  @Shared private var isClosed = false
  @Shared private var waiting: [Client] = []

  /// - Parameters:
  ///   - workers: the number of threads that run `work()`.
  ///   - queue: the number of clients that may wait for one of them.
  init(workers: Int, queue: Int) { (self.workers, self.queue) = (workers, queue) }

  /// Takes a client that has connected. Called by the accepting threads; there may be several.
  ///
  /// Change this. Requirements: at most `workers + queue` clients are here at a time. If there is
  /// no room for a client, `client.refuse()` sends it a 503; otherwise, no client is refused. An
  /// accepting thread never waits for a worker, and a worker never waits for a refusal.
  func submit(_ client: Client) {
    mutex.withLock {
      waiting.append(client)
      notEmpty.signal()
    }
  }

  /// The main function of a worker. Change this, too.
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

  /// Closes the pool: no more clients will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
