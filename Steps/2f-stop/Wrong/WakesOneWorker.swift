// expect: A got its response, but the server does not stop
// file: BoundedQueue.swift
/// The clients that no worker is serving yet, up to the capacity.
final class BoundedQueue: @unchecked Sendable {
  // Unchecked: every access to the array holds the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition()
  private let notFull = PosixCondition()
  private let capacity: Int
  private var clients: [Int32] = []
  private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  /// Waits until there is room.
  func push(_ client: Int32) {
    mutex.withLock {
      while clients.count == capacity { notFull.wait(holding: mutex) }
      clients.append(client)
      notEmpty.signal()
    }
  }

  /// Waits for a client. Returns `nil` when the queue is closed and empty.
  func pop() -> Int32? {
    mutex.withLock {
      while clients.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if clients.isEmpty { return nil }
      notFull.signal()
      return clients.removeFirst()
    }
  }

  /// Announces that no more clients will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.signal()
    }
  }
}
