import Kit

final class Server: @unchecked Sendable {
  private let listener: Listener
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared`: without the mutex, another thread comes in the middle of a change. Mark what you add like this, too.
  @Shared private var waiting: [Client] = []

  init(_ listener: Listener) { self.listener = listener }

  /// The main thread. When this returns, the program ends, with this status.
  ///
  /// Yours to finish. What must hold after SIGTERM: nobody new connects (`listener.close()`); whoever was let in
  /// is served to the end, those in the queue as well; then all workers have returned from `work()`, and the
  /// status is 0.
  func run() -> Int32 {
    while let client = listener.accept() {
      mutex.withLock {
        waiting.append(client)
        notEmpty.signal()
      }
    }
    return 0  // accept has returned nil: SIGTERM has arrived.
  }

  /// A worker's life. Yours to change, too.
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
