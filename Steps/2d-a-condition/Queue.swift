/// The clients that no worker is serving yet.
final class Queue: @unchecked Sendable {
  // Unchecked: every access to the array holds the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition()
  private var clients: [Int32] = []

  func push(_ client: Int32) {
    mutex.withLock {
      clients.append(client)
      notEmpty.signal()
    }
  }

  /// Waits for a client.
  func pop() -> Int32 {
    mutex.withLock {
      while clients.isEmpty { notEmpty.wait(holding: mutex) }
      return clients.removeFirst()
    }
  }
}
