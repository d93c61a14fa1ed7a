import Glibc

/// A place where threads sleep until a condition that the mutex protects may have changed.
final class PosixCondition: @unchecked Sendable {
  // Unchecked: a condition variable is meant to be shared.
  private let pointer = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() { pthread_cond_init(pointer, nil) }

  deinit {
    pthread_cond_destroy(pointer)
    pointer.deallocate()
  }

  /// Releases the mutex and falls asleep, in one step; takes the mutex again before it returns.
  func wait(holding mutex: PosixMutex) { pthread_cond_wait(pointer, mutex.pointer) }

  /// Wakes one thread that sleeps here.
  func signal() { pthread_cond_signal(pointer) }

  /// Wakes all threads that sleep here.
  func broadcast() { pthread_cond_broadcast(pointer) }
}
