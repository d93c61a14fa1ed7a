// expect: sixty clients came one after another, but one receives no response
// file: Queue.swift
import Glibc

/// The clients that no worker is serving yet.
final class Queue: @unchecked Sendable {
  // Unchecked: every access to the array holds the mutex.
  private let mutex = PosixMutex()
  private var clients: [Int32] = []

  func push(_ client: Int32) {
    mutex.withLock { clients.append(client) }
  }

  func pop() -> Int32? {
    pthread_mutex_lock(mutex.pointer)
    if clients.isEmpty { return nil }
    let client = clients.removeFirst()
    pthread_mutex_unlock(mutex.pointer)
    return client
  }
}
