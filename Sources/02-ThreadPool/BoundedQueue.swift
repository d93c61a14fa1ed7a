import Common

// snippet: queue
/// A bounded FIFO queue between threads: if the workers cannot keep up, it does not hide that by
/// growing. A mutex guards the elements; at a condition variable a thread sleeps until another one
/// has changed them:
///
///     push: while full, sleep at notFull;   put one in;   wake one at notEmpty
///     pop:  while empty, sleep at notEmpty; take one out; wake one at notFull
///
/// The "while" is not an "if": before the sleeper has the mutex again, a third thread may pop.
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

  /// Waits for room. Returns false if the queue is closed: no thread will take the element.
  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { notFull.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      notEmpty.signal()
      return true
    }
  }

  /// Waits for an element. Returns `nil` when the queue is closed and empty.
  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      notFull.signal()
      return elements.removeFirst()
    }
  }

  /// Says that no more elements will come, and wakes every thread that sleeps to see it.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
      notFull.broadcast()
    }
  }
}
// snippet: end
