// expect: a worker woke up, found the queue empty, and took a client out of it
// file: Queue.swift
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
      if clients.isEmpty { notEmpty.wait(holding: mutex) }
      return clients.removeFirst()
    }
  }
}
