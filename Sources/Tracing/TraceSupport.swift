import Glibc

/// The reason why a trace cannot be recorded: the file or the call, and its error.
public struct TraceError: Error, CustomStringConvertible {
  let what: String
  /// An `errno` value (errno(3)).
  let code: Int32

  public var description: String { "\(what): \(String(cString: strerror(code)))" }
}

/// Returns the time of the kernel's monotonic clock in nanoseconds (clock_gettime(2),
/// `CLOCK_MONOTONIC`).
@inline(__always)
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The number of descriptors that this process may have open, a million at most (getrlimit(2)).
let descriptorLimit: Int = {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  return Int(min(limit.rlim_cur, 1 << 20))
}()

/// A mutex (pthread_mutex_lock(3)). The common module has one, too, but it imports this module.
final class TraceMutex: @unchecked Sendable {
  // Unchecked: made to be used by all threads; its address never changes.
  private let storage = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() { pthread_mutex_init(storage, nil) }

  deinit {
    pthread_mutex_destroy(storage)
    storage.deallocate()
  }

  func withLock<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(storage)
    defer { pthread_mutex_unlock(storage) }
    return body()
  }
}
