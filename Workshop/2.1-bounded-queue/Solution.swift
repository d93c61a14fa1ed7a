import Kit

/// A bounded FIFO queue that hands elements from one group of threads to another. Never holds more
/// than `capacity` elements.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: `elements` and `isClosed` are accessed only while holding the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let notFull = PosixCondition("notFull")
  private let capacity: Int
  @Shared private var elements: [Element] = []
  @Shared private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room and appends the element. Returns false if the queue is closed, because no
  /// thread will take the element.
  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { notFull.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      notEmpty.signal()
      return true
    }
  }

  /// Waits for an element and removes the oldest one. Returns `nil` if the queue is closed and
  /// empty.
  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      notFull.signal()
      return elements.removeFirst()
    }
  }

  /// Closes the queue: no more elements will come. Wakes all sleeping threads so that they notice.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
      notFull.broadcast()
    }
  }
}
