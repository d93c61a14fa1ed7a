// expect: a worker that has not started is not in the count
import Kit

final class Server: @unchecked Sendable {
  private let listener: Listener
  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let goneHome = PosixCondition("goneHome")
  @Shared private var waiting: [Client] = []
  @Shared private var stopping = false
  @Shared private var workers = 0

  init(_ listener: Listener) { self.listener = listener }

  func run() -> Int32 {
    while let client = listener.accept() {
      mutex.withLock {
        waiting.append(client)
        notEmpty.signal()
      }
    }
    listener.close()
    mutex.withLock {
      stopping = true
      notEmpty.broadcast()
      while workers > 0 { goneHome.wait(holding: mutex) }
    }
    return 0
  }

  func work() {
    mutex.withLock { workers += 1 }
    while true {
      let client: Client? = mutex.withLock {
        while waiting.isEmpty && !stopping { notEmpty.wait(holding: mutex) }
        if waiting.isEmpty { return nil }
        return waiting.removeFirst()
      }
      guard let client else { break }
      client.serve()
    }
    mutex.withLock {
      workers -= 1
      goneHome.signal()
    }
  }
}
