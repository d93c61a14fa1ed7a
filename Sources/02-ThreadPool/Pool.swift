import Common
import Dispatch

/// Threads that serve clients.
final class Pool: Sendable {
  private let options: PoolOptions
  private let serve: @Sendable (Connection) -> Void
  private let queue: BoundedQueue<Connection>
  /// Clients that are being served or wait in the queue.
  private let active = DispatchGroup()
  /// How many more of them there may be before a client is refused.
  private let room: DispatchSemaphore

  init(_ options: PoolOptions, serve: @escaping @Sendable (Connection) -> Void) throws(SystemError)
  {
    (self.options, self.serve) = (options, serve)
    queue = BoundedQueue(capacity: options.queue)
    room = DispatchSemaphore(value: options.workers + options.queue)
    guard options.pool == .handmade else { return }
    for number in 1...options.workers {
      // A worker's life: whatever its client does, the worker is there for the next one.
      try spawnThread(named: "worker \(number)") { [self] in
        while let client = queue.pop() { run(client) }
      }
    }
  }

  /// Takes a client on; false where there is no room for it, and it shall not wait.
  func submit(_ client: Connection) -> Bool {
    if options.whenFull == .refuse && room.wait(timeout: .now()) == .timedOut { return false }
    active.enter()
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

  private func run(_ client: Connection) {
    serve(client)
    leave()
  }

  private func leave() {
    if options.whenFull == .refuse { room.signal() }
    active.leave()
  }

  /// Wakes the idle workers, and waits until every client that was taken on is done.
  func drain() {
    queue.close()
    active.wait()
  }
}
