import Glibc

/// How long a load took, and how much CPU time its thread used, in nanoseconds.
struct Effort: Sendable {
  let duration: UInt64
  let cpuTime: UInt64

  var seconds: Double { Double(duration) / 1e9 }

  /// How much of one core the thread used: 0 to 1.
  var cpuShare: Double { duration == 0 ? 0 : Double(cpuTime) / Double(duration) }

  /// Above this share the times are those of `bench` and not of the server.
  var isTheLimit: Bool { cpuShare > 0.85 }
}

/// `clock_gettime(2)`, in nanoseconds.
func nanoseconds(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
