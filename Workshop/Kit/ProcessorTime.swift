import Glibc

/// Returns the seconds of processor time that this thread used to run the body (clock_gettime(2)).
/// Other programs do not affect it, so with a wide margin it tells linear from quadratic code.
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
