// expect: the thread sanitizer found a data race
// file: Queue.swift
/// The clients that no worker is serving yet.
final class Queue: @unchecked Sendable {
  // Unchecked: every access to the array holds the mutex.
  private let mutex = PosixMutex()
  private var clients: [Int32] = []
  private var count = 0

  func push(_ client: Int32) {
    mutex.withLock {
      clients.append(client)
      count += 1
    }
  }

  func pop() -> Int32? {
    if count == 0 { return nil }
    return mutex.withLock {
      if clients.isEmpty { return nil }
      count -= 1
      return clients.removeFirst()
    }
  }
}
