// expect: a client was served again
import Kit

struct Worker: Sendable {
  let queue: ClientQueue
  let serve: @Sendable (Client) throws -> Void
  let log: @Sendable (any Error) -> Void

  func run() {
    while let client = queue.pop() {
      defer { client.close() }
      do {
        try serve(client)
      } catch {
        do { try serve(client) } catch { log(error) }
      }
    }
  }
}
