import Glibc

/// Ends a check that hangs: a thread that does nothing but wait for the end of the part.
final class Watchdog: @unchecked Sendable {
  // Unchecked: a semaphore is made to be shared; its address never changes.
  private let ended = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(_ part: Part) {
    sem_init(ended, 0, 0)
    startThread { [self] in
      var limit = timespec()
      clock_gettime(CLOCK_REALTIME, &limit)
      limit.tv_sec += Int(part.deadline.components.seconds)
      while sem_timedwait(ended, &limit) == -1 {
        if errno == ETIMEDOUT { Self.bark(after: part.deadline) }
      }
    }
  }

  func end() { sem_post(ended) }

  private static func bark(after time: Duration) -> Never {
    fail(
      "not done after \(time.components.seconds) seconds: it hangs",
      "The check was waiting for \(Waiting.text). An endless loop looks like this, and so does a wait "
        + "for something that never comes.")
  }
}

/// What the check is waiting for, in words, in case it waits for ever.
public enum Waiting {
  // Unsafe only for the compiler: the watchdog reads it when nobody writes it any more.
  nonisolated(unsafe) static var text = "your code to return"

  /// - Parameter what: completes "the check was waiting for …".
  public static func `for`<Result>(_ what: String, _ body: () -> Result) -> Result {
    let before = text
    text = what
    defer { text = before }
    return body()
  }
}
