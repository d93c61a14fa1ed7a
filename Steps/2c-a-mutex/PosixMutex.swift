import Glibc

/// A pthread mutex. It is allocated because it must never move: threads sleep at its address.
final class PosixMutex: @unchecked Sendable {
  // Unchecked: a mutex is meant to be shared.
  let pointer = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() { pthread_mutex_init(pointer, nil) }

  deinit {
    pthread_mutex_destroy(pointer)
    pointer.deallocate()
  }

  func withLock<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(pointer)
    defer { pthread_mutex_unlock(pointer) }
    return body()
  }
}
