import Kit

final class Server: @unchecked Sendable {
  private let listener: Listener
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared`: if a thread changes the variable without the mutex, the check lets another thread
  // run in the middle of the change. Mark the variables you add in the same way.
  @Shared private var waiting: [Client] = []

  init(_ listener: Listener) { self.listener = listener }

  /// Runs on the main thread. When this returns, the program exits with the returned status.
  ///
  /// Finish this. Requirements after SIGTERM: no more clients connect (`listener.close()`); every
  /// client that was let in gets its whole reply, including those in the queue; then all workers
  /// return from `work()`, and the status is 0.
  func run() -> Int32 {
    while let client = listener.accept() {
      mutex.withLock {
        waiting.append(client)
        notEmpty.signal()
      }
    }
    return 0  // accept returned nil: SIGTERM has arrived.
  }

  /// The main function of a worker. Change this, too.
  func work() {
    while true {
      let client = mutex.withLock {
        while waiting.isEmpty { notEmpty.wait(holding: mutex) }
        return waiting.removeFirst()
      }
      client.serve()
    }
  }
}
