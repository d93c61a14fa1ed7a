import Common

/// A piece of a test that runs beside it, on a thread of its own: somebody has to write while somebody reads.
final class Background: @unchecked Sendable {
  // Unchecked: the outcome is touched only while holding the mutex; the body is called once.
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

  /// Waits until it is done, and throws what it threw.
  func wait() throws {
    let result = mutex.withLock {
      while outcome == nil { ended.wait(holding: mutex) }
      return outcome
    }
    try result?.get()
  }
}
