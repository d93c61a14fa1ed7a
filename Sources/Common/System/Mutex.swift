import Glibc

/// A mutex (pthread_mutex_lock(3)), which one thread at a time can hold. A thread that locks it
/// again while holding it waits for itself forever.
public final class PosixMutex: @unchecked Sendable {
  // Unchecked: the mutex is made to be used by all threads; its address never changes.
  fileprivate let storage = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// Creates a mutex that no thread holds.
  public init() { pthread_mutex_init(storage, nil) }

  deinit {
    pthread_mutex_destroy(storage)
    storage.deallocate()
  }

  /// Waits until no other thread holds the mutex, then runs `body` while this thread holds it.
  /// - Throws: what `body` throws; the mutex is released in any case.
  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(storage)
    defer { pthread_mutex_unlock(storage) }
    return try body()
  }
}

/// A condition variable (pthread_cond_wait(3)), on which a thread sleeps until another one has
/// changed something that a mutex guards.
public final class PosixCondition: @unchecked Sendable {
  // Unchecked: like the mutex, made to be shared.
  private let storage = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Creates a condition variable that no thread waits for.
  public init() { pthread_cond_init(storage, nil) }

  deinit {
    pthread_cond_destroy(storage)
    storage.deallocate()
  }

  /// Releases the mutex, sleeps, and locks the mutex again. It may wake up for no reason, so call
  /// it in a `while` loop that checks what you are waiting for.
  public func wait(holding mutex: PosixMutex) { pthread_cond_wait(storage, mutex.storage) }

  /// Wakes one thread that waits.
  public func signal() { pthread_cond_signal(storage) }

  /// Wakes all threads that wait.
  public func broadcast() { pthread_cond_broadcast(storage) }
}
