// expect: ended with an error, and the log has none
import Kit

/// One thread of the pool.
struct Worker: Sendable {
  /// `queue.pop()` waits for a client; `nil` once the server stops.
  let queue: ClientQueue
  /// Talks to a client. Throws where that ends badly.
  let serve: @Sendable (Client) throws -> Void
  let log: @Sendable (any Error) -> Void

  /// The worker's life, from the start of the server to its end.
  func run() {
    while let client = queue.pop() {
      try? serve(client)
      client.close()
    }
  }
}
