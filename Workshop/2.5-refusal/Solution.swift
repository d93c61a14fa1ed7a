import Kit

/// A pool that refuses clients when it is full.
final class Pool: @unchecked Sendable {
  private let workers: Int
  private let queue: Int
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  @Shared private var isClosed = false
  @Shared private var waiting: [Client] = []
  /// The number of clients that were accepted by the pool and are not done yet.
  @Shared private var here = 0

  /// - Parameters:
  ///   - workers: the number of threads that run `work()`.
  ///   - queue: the number of clients that may wait for one of them.
  init(workers: Int, queue: Int) { (self.workers, self.queue) = (workers, queue) }

  /// Takes a client that has connected, or refuses it. Called by the accepting threads; never
  /// waits.
  func submit(_ client: Client) {
    let hasRoom = mutex.withLock {
      if here == workers + queue { return false }
      here += 1
      waiting.append(client)
      notEmpty.signal()
      return true
    }
    if !hasRoom { client.refuse() }  // Outside the lock: the client may read slowly.
  }

  /// The main function of a worker.
  func work() {
    while let client = take() {
      client.serve()
      mutex.withLock { here -= 1 }
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
