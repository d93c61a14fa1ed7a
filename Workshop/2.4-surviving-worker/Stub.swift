import Kit

/// One thread of the pool.
struct Worker: Sendable {
  /// `queue.pop()` waits for a client; `nil` once the server stops.
  let queue: ClientQueue
  /// Talks to a client. Throws where that ends badly.
  let serve: @Sendable (Client) throws -> Void
  let log: @Sendable (any Error) -> Void

  /// The worker's life, from the start of the server to its end.
  ///
  /// What must hold: an error ends its client, and nobody else; each client is closed with `client.close()`, once; each
  /// error reaches `log`.
  func run() {
    while let client = queue.pop() {
      try! serve(client)  // Yours to change.
    }
  }
}
