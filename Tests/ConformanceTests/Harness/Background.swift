import Common

/// A part of a test that runs on another thread: one has to write while the other reads.
final class Background: @unchecked Sendable {
  // Unchecked: the outcome is only touched while holding the mutex, and the body is called once.
  private let mutex = PosixMutex()
  private let ended = PosixCondition()
  private var outcome: Result<Void, any Error>?
  private let body: () throws -> Void

  init(_ body: @escaping () throws -> Void) throws {
    self.body = body
    try spawnThread(named: "background") { self.run() }
  }

  private func run() {
    let result = Result { try body() }
    mutex.withLock {
      outcome = result
      ended.signal()
    }
  }

  /// Waits until the body returns, and throws what it threw.
  func wait() throws {
    let result = mutex.withLock {
      while outcome == nil { ended.wait(holding: mutex) }
      return outcome
    }
    try result?.get()
  }
}
