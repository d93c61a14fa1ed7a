import Kit

/// One thread of the pool.
struct Worker: Sendable {
  /// `queue.pop()` waits for a client; it returns `nil` once the server stops.
  let queue: ClientQueue
  /// Serves a client. Throws if the connection fails.
  let serve: @Sendable (Client) throws -> Void
  let log: @Sendable (any Error) -> Void

  /// The main function of a worker. Runs from the time the server starts until it stops.
  func run() {
    while let client = queue.pop() {
      defer { client.close() }
      do {
        try serve(client)
      } catch {
        log(error)  // An error ends only this connection.
      }
    }
  }
}
