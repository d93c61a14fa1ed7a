// expect: only the first change has sent a signal
import Kit

/// Hands elements from threads that have them to threads that want them, and never holds more than
/// `capacity`.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: `elements` and `isClosed` are touched only while holding the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let notFull = PosixCondition("notFull")
  private let capacity: Int
  @Shared private var elements: [Element] = []
  @Shared private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room, and puts the element in. False once the queue is closed: nobody will take the
  /// element.
  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { notFull.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      if elements.count == 1 { notEmpty.signal() }
      return true
    }
  }

  /// Waits for an element, and takes the oldest one. `nil` once the queue is closed and all it held
  /// has been taken.
  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      if elements.count == capacity { notFull.signal() }
      return elements.removeFirst()
    }
  }

  /// No more elements will come. Everybody who sleeps is woken to see it.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
      notFull.broadcast()
    }
  }
}
