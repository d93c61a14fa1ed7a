// expect: the wrong kind of thread
import Kit

final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  private let mutex = PosixMutex()
  private let changed = PosixCondition("changed")
  private let capacity: Int
  @Shared private var elements: [Element] = []
  @Shared private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { changed.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      changed.signal()
      return true
    }
  }

  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { changed.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      changed.signal()
      return elements.removeFirst()
    }
  }

  func close() {
    mutex.withLock {
      isClosed = true
      changed.broadcast()
    }
  }
}
