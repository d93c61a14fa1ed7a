import Common

/// A bounded FIFO queue between threads. If the workers cannot keep up, it does not grow: `push`
/// blocks. A thread that cannot continue sleeps on a condition variable:
///
///     push: while full, sleep on notFull;   put one in;   wake one on notEmpty
///     pop:  while empty, sleep on notEmpty; take one out; wake one on notFull
///
/// `while`, not `if`: before the thread that was woken holds the mutex, a third may take the element.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: the elements and `isClosed` are touched only while holding the mutex.
  private let mutex = PosixMutex()
  private let (notEmpty, notFull) = (PosixCondition(), PosixCondition())
  private let capacity: Int
  private var elements: [Element] = []
  private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for room, then adds the element. Returns false if the queue is closed.
  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { notFull.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      notEmpty.signal()
      return true
    }
  }

  /// Waits for an element and takes it out. Returns `nil` when the queue is closed and empty.
  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      notFull.signal()
      return elements.removeFirst()
    }
  }

  /// Closes the queue: no more elements will come. Wakes every sleeping thread.
  func close() {
    mutex.withLock { isClosed = true }
    notEmpty.broadcast()
    notFull.broadcast()
  }
}
