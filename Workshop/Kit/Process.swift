@preconcurrency import Glibc

/// Starts a detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setstacksize(&attributes, 512 * 1024)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  var thread = pthread_t()
  let status = pthread_create(
    &thread, &attributes,
    {
      Crash.prepareThread()
      Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().body()
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  if status != 0 { fail("the kit cannot start a thread: \(String(cString: strerror(status)))") }
  pthread_attr_destroy(&attributes)
}

/// Flushes the output of the learner's code at the end of each line, so that a crash loses none of
/// it.
func printLineByLine() { setvbuf(stdout, nil, Int32(_IOLBF), 0) }

/// Limits memory to two gigabytes, which is enough for every check. Runaway code ends here instead
/// of exhausting the machine.
func limitMemory(_ limit: rlim_t = 2 << 30) {
  var limits = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limits)
  limits.rlim_cur = min(limit, limits.rlim_max)
  setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limits)
}
