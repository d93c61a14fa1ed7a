// expect: there is no client, but the server uses the CPU
// file: Queue.swift
import Glibc

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
      while clients.isEmpty {
        pthread_mutex_unlock(mutex.pointer)
        usleep(100)
        pthread_mutex_lock(mutex.pointer)
      }
      return clients.removeFirst()
    }
  }
}
