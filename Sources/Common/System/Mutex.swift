import Glibc

/// One thread at a time: pthread_mutex_lock(3). Never lock it again while holding it.
public final class PosixMutex: @unchecked Sendable {
  // Unchecked: the mutex is made to be used by all threads; its address never changes.
  fileprivate let storage = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// Makes a mutex that no thread holds.
  public init() { pthread_mutex_init(storage, nil) }

  deinit {
    pthread_mutex_destroy(storage)
    storage.deallocate()
  }

  /// Waits until no other thread holds the mutex, then runs `body` while this thread holds it.
  /// - Throws: what `body` throws; the mutex is given back in any case.
  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(storage)
    defer { pthread_mutex_unlock(storage) }
    return try body()
  }
}

/// A place to sleep until another thread has changed something that a mutex guards:
/// pthread_cond_wait(3).
public final class PosixCondition: @unchecked Sendable {
  // Unchecked: like the mutex, made to be shared.
  private let storage = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Makes a condition that no thread waits for.
  public init() { pthread_cond_init(storage, nil) }

  deinit {
    pthread_cond_destroy(storage)
    storage.deallocate()
  }

  /// Gives the mutex back, sleeps, and takes it again. It may also wake for no reason, so wait in a
  /// `while` that looks at what you are waiting for.
  public func wait(holding mutex: PosixMutex) { pthread_cond_wait(storage, mutex.storage) }

  /// Wakes one thread that waits.
  public func signal() { pthread_cond_signal(storage) }

  /// Wakes all threads that wait.
  public func broadcast() { pthread_cond_broadcast(storage) }
}
