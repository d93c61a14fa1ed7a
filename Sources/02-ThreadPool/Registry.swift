import Common

// snippet: registry
/// The clients of `/ws`: a dictionary, and a mutex around it.
final class Registry: @unchecked Sendable {
  // Unchecked: both variables are touched only while holding the mutex.
  private let mutex = PosixMutex()
  private var clients: [ClientID: Connection] = [:]
  private var lastID = 0

  func join(_ client: Connection) -> ClientID {
    mutex.withLock {
      lastID += 1
      clients[lastID] = client
      return lastID
    }
  }

  /// Takes a client out. A broadcast that waits for it stops waiting.
  func leave(_ id: ClientID) {
    mutex.withLock { clients.removeValue(forKey: id) }?.socket.shutdown()
  }

  /// Writes to every other client, on the caller's thread. The mutex is held only to look a client
  /// up: sending under it would let one slow reader stop everyone who wants to join or leave. A
  /// client that leaves meanwhile gets nothing.
  func broadcast(_ frame: [UInt8], except sender: ClientID?) {
    for id in mutex.withLock({ Array(clients.keys) }) where id != sender {
      _ = send(frame, to: id)
    }
  }

  /// Returns false if there is no such client.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    guard let client = mutex.withLock({ clients[id] }) else { return false }
    return client.deliver(frame)
  }
}
// snippet: end
