// expect: Check the count and take the place in one withLock
import Kit

final class Pool: @unchecked Sendable {
  private let workers: Int
  private let queue: Int
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  @Shared private var isClosed = false
  @Shared private var waiting: [Client] = []
  @Shared private var here = 0

  init(workers: Int, queue: Int) { (self.workers, self.queue) = (workers, queue) }

  func submit(_ client: Client) {
    let isFull = mutex.withLock { here == workers + queue }
    let hasRoom = mutex.withLock {
      if isFull { return false }
      here += 1
      waiting.append(client)
      notEmpty.signal()
      return true
    }
    if !hasRoom { client.refuse() }  // Outside the lock: the client may read slowly.
  }

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

  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
