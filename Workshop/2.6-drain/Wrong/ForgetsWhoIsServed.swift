// expect: in the middle of a reply
import Kit

final class Server: @unchecked Sendable {
  private let listener: Listener
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let allDone = PosixCondition("allDone")
  @Shared private var waiting: [Client] = []
  @Shared private var isStopping = false

  init(_ listener: Listener) { self.listener = listener }

  /// Runs on the main thread. When this returns, the program exits with the returned status.
  func run() -> Int32 {
    while let client = listener.accept() {
      mutex.withLock {
        waiting.append(client)
        notEmpty.signal()
      }
    }
    listener.close()
    mutex.withLock {
      isStopping = true
      notEmpty.broadcast()
      while !waiting.isEmpty { allDone.wait(holding: mutex) }
    }
    return 0
  }

  /// The main function of a worker.
  func work() {
    while let client = take() {
      client.serve()
      mutex.withLock {
        if waiting.isEmpty { allDone.signal() }
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
