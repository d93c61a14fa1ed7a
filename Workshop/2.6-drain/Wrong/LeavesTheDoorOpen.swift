// expect: but the listener is still open
import Kit

final class Server: @unchecked Sendable {
  private let listener: Listener
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let allDone = PosixCondition("allDone")
  @Shared private var waiting: [Client] = []
  /// The number of clients that were let in and are not done yet.
  @Shared private var here = 0
  @Shared private var isStopping = false

  init(_ listener: Listener) { self.listener = listener }

  /// Runs on the main thread. When this returns, the program exits with the returned status.
  func run() -> Int32 {
    while let client = listener.accept() {
      mutex.withLock {
        here += 1
        waiting.append(client)
        notEmpty.signal()
      }
    }
    mutex.withLock {
      isStopping = true
      notEmpty.broadcast()
      while here > 0 { allDone.wait(holding: mutex) }
    }
    listener.close()
    return 0
  }

  /// The main function of a worker.
  func work() {
    while let client = take() {
      client.serve()
      mutex.withLock {
        here -= 1
        if here == 0 { allDone.signal() }
      }
    }
  }

  /// Returns `nil` when the server is stopping and the queue is empty.
  private func take() -> Client? {
    mutex.withLock {
      while waiting.isEmpty && !isStopping { notEmpty.wait(holding: mutex) }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }
}
