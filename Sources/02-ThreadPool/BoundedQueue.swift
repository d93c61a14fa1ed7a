import Common

/// Hands elements from threads that have them to threads that want them, and never holds more than
/// `capacity`: when the workers cannot keep up, the queue does not hide it by growing.
///
/// It is a mutex and two condition variables. The mutex guards the elements. A condition variable is where a thread
/// sleeps until they may have changed in its favour:
///
///     push: while full, sleep at notFull;   put one in;   wake one at notEmpty
///     pop:  while empty, sleep at notEmpty; take one out; wake one at notFull
///
/// The `while` is not an `if`: between the signal and the moment the sleeper has the mutex again, a third
/// thread may have been faster.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: the elements and `isClosed` are touched only while holding the mutex.
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition()
  private let notFull = PosixCondition()
  private let capacity: Int
  private var elements: [Element] = []
  private var isClosed = false

  init(capacity: Int) {
    self.capacity = capacity
    elements.reserveCapacity(capacity)
  }

  // snippet: queue
  /// Waits for room. False once the queue is closed: nobody will take the element.
  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { notFull.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      notEmpty.signal()
      return true
    }
  }

  /// Waits for an element. `nil` once the queue is closed and all it held has been taken.
  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      notFull.signal()
      return elements.removeFirst()
    }
  }
  // snippet: end

  /// No more elements will come. Everybody who sleeps is woken to see it.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
      notFull.broadcast()
    }
  }
}
