import Common
import Dispatch

// snippet: pool
/// A pool of threads that serve clients.
final class Pool: Sendable {
  private let options: PoolOptions
  private let serve: @Sendable (Connection) -> Void
  private let queue: BoundedQueue<Connection>
  /// The clients that are being served or are waiting in the queue.
  private let active = DispatchGroup()
  /// How many more clients the pool takes before it refuses one.
  private let room: DispatchSemaphore

  init(_ options: PoolOptions, serve: @escaping @Sendable (Connection) -> Void) throws(SystemError)
  {
    (self.options, self.serve) = (options, serve)
    queue = BoundedQueue(capacity: options.queue)
    room = DispatchSemaphore(value: options.workers + options.queue)
    guard options.pool == .handmade else { return }
    for number in 1...options.workers {
      // When a client's connection ends, even with an error, the worker takes the next client.
      try spawnThread(named: "worker \(number)") { [self] in
        while let client = queue.pop() { run(client) }
      }
    }
  }

  /// Takes a client. Returns false if there is no room for it, or if no thread can be started.
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

  /// Closes the queue, and waits until every client that was submitted is done.
  func drain() {
    queue.close()
    active.wait()
  }
}
// snippet: end
