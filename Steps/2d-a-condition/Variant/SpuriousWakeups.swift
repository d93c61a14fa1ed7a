import Glibc

/// POSIX allows this: every pthread_cond_wait(3) in the program returns after 10 ms, signal or not.
@_cdecl("pthread_cond_wait")
public func waitAtMostTenMilliseconds(
  _ condition: UnsafeMutablePointer<pthread_cond_t>, _ mutex: UnsafeMutablePointer<pthread_mutex_t>
) -> Int32 {
  var limit = timespec()
  clock_gettime(CLOCK_REALTIME, &limit)
  limit.tv_nsec += 10_000_000
  if limit.tv_nsec >= 1_000_000_000 {
    (limit.tv_sec, limit.tv_nsec) = (limit.tv_sec + 1, limit.tv_nsec - 1_000_000_000)
  }
  pthread_cond_timedwait(condition, mutex, &limit)
  return 0
}
