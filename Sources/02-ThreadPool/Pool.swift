import Common
import Dispatch

/// Threads that serve clients.
final class Pool: @unchecked Sendable {
  // Unchecked: `active` is touched only while holding the mutex.
  private let options: PoolOptions
  private let serve: @Sendable (Client) -> Void
  private let queue: BoundedQueue<Client>
  private let mutex = PosixMutex()
  private let becameIdle = PosixCondition()
  /// Clients that are being served or wait in the queue.
  private var active = 0

  init(_ options: PoolOptions, serve: @escaping @Sendable (Client) -> Void) throws(SystemError) {
    (self.options, self.serve) = (options, serve)
    queue = BoundedQueue(capacity: options.queue)
    guard options.pool == .handmade else { return }
    for number in 1...options.workers { try spawnThread(named: "worker \(number)", work) }
  }

  /// A worker's life: whatever its client does, the worker is there for the next one.
  private func work() {
    while let client = queue.pop() { run(client) }
  }

  private func run(_ client: Client) {
    serve(client)
    leave()
  }

  /// Takes a client on; false where there is no room for it, and it shall not wait.
  func submit(_ client: Client) -> Bool {
    guard enter() else { return false }
    switch options.pool {
    case .handmade: if queue.push(client) { return true }
    case .dispatch:
      DispatchQueue.global().async { self.run(client) }
      return true
    case .perConnection:
      if (try? spawnThread(named: "client") { self.run(client) }) != nil { return true }
    }
    leave()
    return false
  }

  /// Wakes the idle workers, and waits until every client that was taken on is done.
  func drain() {
    queue.close()
    mutex.withLock { while active > 0 { becameIdle.wait(holding: mutex) } }
  }

  private func enter() -> Bool {
    mutex.withLock {
      let isFull = options.pool == .handmade && active >= options.workers + options.queue
      if isFull && options.whenFull == .refuse { return false }
      active += 1
      return true
    }
  }

  private func leave() {
    mutex.withLock {
      active -= 1
      if active == 0 { becameIdle.signal() }
    }
  }
}
