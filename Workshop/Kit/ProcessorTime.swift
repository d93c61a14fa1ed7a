import Glibc

/// Seconds that this thread has used the processor while it ran the body (clock_gettime(2)). Other
/// programs do not change it, so it tells linear from quadratic code, if the margin is wide.
public func processorTime(_ body: () -> Void) -> Double {
  let start = now()
  body()
  return now() - start
}

private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
