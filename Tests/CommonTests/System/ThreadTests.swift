import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite(.timeLimit(.minutes(5))) struct ThreadTests {
  /// A counter without a lock.
  private final class Counter: Sendable {
    let mutex = PosixMutex()
    // Unsafe for the compiler only: `mutex` guards it.
    nonisolated(unsafe) var count = 0
  }

  @Test("A mutex lets only one thread at a time count")
  func mutualExclusion() throws {
    let counter = Counter()
    let threads = try (0..<4).map { _ in
      try Background {
        for _ in 0..<20_000 { counter.mutex.withLock { counter.count += 1 } }
      }
    }
    for thread in threads { try thread.value() }
    #expect(counter.count == 80_000)
  }

  @Test("A mutex is unlocked when its body throws, and the error is passed on")
  func lockAndThrow() throws {
    let mutex = PosixMutex()
    let error = SystemError(call: "x", code: 1)
    #expect(throws: error) { try mutex.withLock { () throws(SystemError) in throw error } }
    #expect(mutex.withLock { 5 } == 5)
  }

  @Test("A signal wakes one waiting thread, a broadcast all of them")
  func condition() throws {
    let counter = Counter()
    let condition = PosixCondition()
    let takers = try (0..<3).map { _ in
      try Background {
        counter.mutex.withLock {
          while counter.count == 0 { condition.wait(holding: counter.mutex) }
          counter.count -= 1
        }
      }
    }
    counter.mutex.withLock { counter.count += 1 }
    condition.signal()
    counter.mutex.withLock { counter.count += 2 }
    condition.broadcast()
    for taker in takers { try taker.value() }
    #expect(counter.count == 0)
  }

  @Test("A thread has its name, cut to what the kernel has room for")
  func name() throws {
    let names = Box()
    try spawnThread(named: "a-name-of-more-than-15") {
      names.put(contents("/proc/thread-self/comm"))
    }
    #expect(names.take() == "a-name-of-more-\n")
  }

  /// A place where one thread leaves something for another.
  private final class Box: Sendable {
    private let mutex = PosixMutex()
    private let filled = PosixCondition()
    // Unsafe for the compiler only: `mutex` guards it.
    nonisolated(unsafe) private var content: String?

    func put(_ text: String) {
      mutex.withLock { content = text }
      filled.signal()
    }

    func take() -> String {
      mutex.withLock {
        while true {
          if let content { return content }
          filled.wait(holding: mutex)
        }
      }
    }
  }
}
