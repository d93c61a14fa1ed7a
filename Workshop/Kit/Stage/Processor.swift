import Glibc

/// Keeps the threads of a ``Stage`` on one processor.
///
/// Only one of them runs at a time anyway. On a single processor, the kernel switches between two
/// threads in a microsecond. On two processors, it first has to wake the other one, and a check
/// takes eight times as long.
enum Processor {
  private typealias Current = @convention(c) () -> Int32
  private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> Int32
  /// One bit for each processor (sched_setaffinity(2)).
  private typealias Mask = [UInt64]

  /// Runs the body on the processor that this thread is running on now. Threads that the body
  /// starts stay there, too.
  static func stay<Result>(_ body: () -> Result) -> Result {
    guard let current: Current = gnuFunction("sched_getcpu"),
      let get: Affinity = gnuFunction("sched_getaffinity"),
      let set: Affinity = gnuFunction("sched_setaffinity")
    else { return body() }
    var before = Mask(repeating: 0, count: 16)
    var one = before
    let processor = Int(current())
    guard (0..<1024).contains(processor),
      get(0, 128, &before) > 0 || before.contains(where: { $0 > 0 })
    else { return body() }
    one[processor / 64] = 1 << UInt64(processor % 64)
    _ = set(0, 128, &one)
    defer { _ = set(0, 128, &before) }
    return body()
  }
}
