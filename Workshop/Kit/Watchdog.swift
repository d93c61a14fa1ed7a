import Glibc

/// Ends a check that hangs. A separate thread does nothing but wait for the part to end. If there
/// are threads on a ``Stage``, it also checks whether all of them are asleep: one of them must be
/// running, unless it waits in a call that the stage does not know.
final class Watchdog: @unchecked Sendable {
  // Unchecked: a semaphore is made to be shared; its address never changes.
  private let ended = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(_ part: Part) {
    sem_init(ended, 0, 0)
    startThread { [self] in
      let limit = part.deadline.components.seconds
      var (asleep, ticks) = (0, 0)
      let start = Self.processorTime
      while !waitsForEnd(milliseconds: 100) {
        ticks += 1
        asleep = Self.allOthersSleep ? asleep + 1 : 0
        if Stage.current != nil && asleep == 10 { Self.barkAtSleeper() }
        // On a busy machine, a check can take a long time without hanging.
        let isHanging = asleep >= 10 || Self.processorTime - start >= limit / 2
        if ticks >= limit * 10 && isHanging { Self.bark(after: part.deadline) }
      }
    }
  }

  /// The processor time that all threads have used, in seconds.
  private static var processorTime: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec)
  }

  func end() { sem_post(ended) }

  private func waitsForEnd(milliseconds: Int) -> Bool {
    var limit = timespec()
    clock_gettime(CLOCK_REALTIME, &limit)
    limit.tv_nsec += milliseconds * 1_000_000
    limit.tv_sec += limit.tv_nsec / 1_000_000_000
    limit.tv_nsec %= 1_000_000_000
    while true {
      if sem_timedwait(ended, &limit) == 0 { return true }
      if errno == ETIMEDOUT { return false }
    }
  }

  /// Whether this thread is the only one that is running. The third field of /proc/self/task/N/stat
  /// is a thread's state.
  private static var allOthersSleep: Bool {
    guard let folder = opendir("/proc/self/task") else { return false }
    defer { closedir(folder) }
    var running = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.first != ".", let file = fopen("/proc/self/task/\(name)/stat", "r") else {
        continue
      }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 512)
      fgets(&line, 512, file)
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
      if text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).first != "S" {
        running += 1
      }
    }
    return running <= 1
  }

  private static func barkAtSleeper() -> Never {
    let name = Stage.current?.player.name ?? "a thread"
    fail(
      "\(name) waits in a call that the check does not know",
      "The check runs one thread at a time, and switches to another one only in PosixMutex, "
        + "PosixCondition, and its own calls. In pthread_cond_wait, a semaphore, or a sleep, the "
        + "thread really blocks, and no other thread gets to run. Use the types that the stub "
        + "uses.")
  }

  private static func bark(after time: Duration) -> Never {
    let name = Stage.current.map { "\($0.player.name) has been running the whole time. " } ?? ""
    fail(
      "your code was not done after \(time.components.seconds) seconds: it hangs",
      "\(name)The check was waiting for \(Waiting.text). The cause may be an endless loop, or a "
        + "wait for something that never happens.")
  }
}

/// Says what the check is waiting for, in case it waits forever.
public enum Waiting {
  // Safe, although the compiler cannot know it: when the watchdog reads this, no other thread
  // writes it.
  nonisolated(unsafe) static var text = "your code to return"

  /// - Parameter what: completes "the check was waiting for …".
  public static func `for`<Result>(_ what: String, _ body: () -> Result) -> Result {
    let before = text
    text = what
    defer { text = before }
    return body()
  }
}
