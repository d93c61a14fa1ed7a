import Common
import Dispatch

// snippet: pool
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
      // A client's end, good or bad, is not the worker's.
      try spawnThread(named: "worker \(number)") { [self] in
        while let client = queue.pop() { run(client) }
      }
    }
  }

  /// Takes a client on. Returns false if there is no room for it, or no further thread.
  func submit(_ client: Connection) -> Bool {
    if options.whenFull == .refuse && room.wait(timeout: .now()) == .timedOut { return false }
    active.enter()
    let isTaken =
      switch options.pool {
      case .handmade: queue.push(client)
      case .perConnection: (try? spawnThread(named: "client") { self.run(client) }) != nil
      }
    if !isTaken { leave() }
    return isTaken
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
// snippet: end
