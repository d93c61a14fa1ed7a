import Common
import Synchronization
import Testing

@testable import _2_ThreadPool

/// The queue of chapter 2, with real threads. Every wait ends because another thread does
/// something.
@Suite struct BoundedQueueTests {
  /// Runs `count` threads and waits until all of them are done.
  private func runThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    let done = BoundedQueue<Int>(capacity: count)
    for number in 0..<count {
      try spawnThread(named: "test") {
        body(number)
        _ = done.push(number)
      }
    }
    for _ in 0..<count { _ = done.pop() }
  }

  @Test func nothingIsLostAndNothingDoubledUnderContention() throws {
    let queue = BoundedQueue<Int>(capacity: 3)
    let results = BoundedQueue<Int>(capacity: 80_000)
    try runThreads(8) { number in
      if number < 4 {
        for element in 0..<20_000 { _ = queue.push(number * 20_000 + element) }
      } else {
        for _ in 0..<20_000 { if let element = queue.pop() { _ = results.push(element) } }
      }
    }
    results.close()
    var seen = [Bool](repeating: false, count: 80_000)
    while let element = results.pop() {
      #expect(!seen[element])
      seen[element] = true
    }
    #expect(seen.allSatisfy { $0 })
  }

  @Test func elementsOfOneProducerKeepTheirOrder() throws {
    let queue = BoundedQueue<Int>(capacity: 2)
    let order = BoundedQueue<Int>(capacity: 1000)
    try runThreads(2) { number in
      for element in 0..<1000 {
        if number == 0 { _ = queue.push(element) } else { _ = order.push(queue.pop()!) }
      }
    }
    for element in 0..<1000 { #expect(order.pop() == element) }
  }

  @Test func pushersNeverRunAheadByMoreThanTheCapacity() throws {
    let queue = BoundedQueue<Int>(capacity: 5)
    let pushed = Atomic(0)
    let popped = Atomic(0)
    let furthest = Atomic(0)
    try runThreads(3) { number in
      for element in 0..<10_000 {
        if number < 2 {
          _ = queue.push(element)
          let ahead = pushed.add(1, ordering: .sequentiallyConsistent).newValue
          furthest.max(
            ahead - popped.load(ordering: .sequentiallyConsistent),
            ordering: .sequentiallyConsistent)
        } else {
          // Counted before the pop, so a pusher can seem less far ahead than it is, but never
          // further.
          popped.add(2, ordering: .sequentiallyConsistent)
          _ = (queue.pop(), queue.pop())
        }
      }
    }
    #expect(furthest.load(ordering: .relaxed) <= 5)
    #expect(pushed.load(ordering: .relaxed) == 20_000)
  }

  @Test func closingWakesEverybodyWhoWaits() throws {
    let empty = BoundedQueue<Int>(capacity: 1)
    let full = BoundedQueue<Int>(capacity: 1)
    _ = full.push(0)
    try runThreads(7) { number in
      switch number {
      case 0..<3: #expect(empty.pop() == nil)
      case 3..<6: #expect(!full.push(1))
      default:
        empty.close()
        full.close()
      }
    }
  }

  @Test func whatIsInsideAtTheCloseIsStillHandedOut() {
    let queue = BoundedQueue<Int>(capacity: 3)
    for element in 1...3 { _ = queue.push(element) }
    queue.close()
    #expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()] == [1, 2, 3, nil])
    #expect(!queue.push(4))
  }
}
