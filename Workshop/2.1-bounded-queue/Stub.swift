import Kit

/// Hands elements from threads that have them to threads that want them, and never holds more than
/// `capacity`.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: `elements` and `isClosed` are touched only while holding the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let notFull = PosixCondition("notFull")
  private let capacity: Int
  // `@Shared`: the check sees which thread touches it, and what that thread holds. Mark what you
  // add like this, too.
  @Shared private var elements: [Element] = []
  @Shared private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room and appends the element. Returns false once the queue is closed: no thread will
  /// take the element.
  func push(_ element: Element) -> Bool {
    // Yours to write. The tools: mutex.withLock { … }, notFull.wait(holding: mutex),
    // notEmpty.signal().
    return false
  }

  /// Waits for an element and takes the oldest one. Returns `nil` once the queue is closed and
  /// empty.
  func pop() -> Element? {
    return nil
  }

  /// No more elements will come. Wakes all threads that sleep, so that they see it (`broadcast()`).
  func close() {
  }
}
