// expect: twenty clients waited for room in the queue, but one receives no response
// file: BoundedQueue.swift
/// The clients that no worker is serving yet, up to the capacity.
final class BoundedQueue: @unchecked Sendable {
  // Unchecked: every access to the array holds the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition()
  private let notFull = PosixCondition()
  private let capacity: Int
  private var clients: [Int32] = []

  init(capacity: Int) { self.capacity = capacity }

  /// Waits until there is room.
  func push(_ client: Int32) {
    mutex.withLock {
      while clients.count == capacity { notFull.wait(holding: mutex) }
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
