import Kit

/// A bounded FIFO queue that hands elements from one group of threads to another. Never holds more
/// than `capacity` elements.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: `elements` and `isClosed` are accessed only while holding the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let notFull = PosixCondition("notFull")
  private let capacity: Int
  // `@Shared` lets the check see which threads access the variable, and which mutexes they hold.
  // Mark the variables you add in the same way.
  @Shared private var elements: [Element] = []
  @Shared private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room and appends the element. Returns false if the queue is closed, because no
  /// thread will take the element.
  func push(_ element: Element) -> Bool {
    // Write this. The tools: mutex.withLock { … }, notFull.wait(holding: mutex), notEmpty.signal().
    return false
  }

  /// Waits for an element and removes the oldest one. Returns `nil` if the queue is closed and
  /// empty.
  func pop() -> Element? {
    return nil
  }

  /// Closes the queue: no more elements will come. Wakes all sleeping threads so that they notice
  /// (`broadcast()`).
  func close() {
  }
}
