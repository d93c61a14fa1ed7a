import Kit

/// A pool that says no when it is full.
final class Pool: @unchecked Sendable {
  private let workers: Int
  private let queue: Int
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  @Shared private var isClosed = false
  @Shared private var waiting: [Client] = []
  /// Clients that were taken on and are not done yet.
  @Shared private var here = 0

  /// - Parameters:
  ///   - workers: how many threads are in `work()`.
  ///   - queue: how many clients may wait for one of them.
  init(workers: Int, queue: Int) { (self.workers, self.queue) = (workers, queue) }

  /// A thread that accepts hands over a client that has connected. Never waits.
  func submit(_ client: Client) {
    let hasRoom = mutex.withLock {
      if here == workers + queue { return false }
      here += 1
      waiting.append(client)
      notEmpty.signal()
      return true
    }
    if !hasRoom { client.refuse() }  // Without the mutex: the client may be slow to read it.
  }

  /// A worker's life.
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

  /// No more clients will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
