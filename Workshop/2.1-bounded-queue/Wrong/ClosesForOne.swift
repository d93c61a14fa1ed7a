// expect: close woke only one of the threads
import Kit

final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let notFull = PosixCondition("notFull")
  private let capacity: Int
  @Shared private var elements: [Element] = []
  @Shared private var isClosed = false

  init(capacity: Int) { self.capacity = capacity }

  func push(_ element: Element) -> Bool {
    mutex.withLock {
      while elements.count == capacity && !isClosed { notFull.wait(holding: mutex) }
      if isClosed { return false }
      elements.append(element)
      notEmpty.signal()
      return true
    }
  }

  func pop() -> Element? {
    mutex.withLock {
      while elements.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      if elements.isEmpty { return nil }
      notFull.signal()
      return elements.removeFirst()
    }
  }

  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.signal()
      notFull.signal()
    }
  }
}
