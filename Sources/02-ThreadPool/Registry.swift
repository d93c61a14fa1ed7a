import Common

// snippet: registry
/// The clients of `/ws`: a dictionary that a mutex guards.
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

  /// Removes a client and shuts its socket down, so that a broadcast that blocks on it stops
  /// waiting.
  func leave(_ id: ClientID) {
    mutex.withLock { clients.removeValue(forKey: id) }?.socket.shutdown()
  }

  /// Writes to every other client, on the caller's thread. The mutex is held only while looking a
  /// client up: if it were held while sending, one slow reader would keep every other client from
  /// joining or leaving. A client that leaves in the meantime gets nothing.
  func broadcast(_ frame: [UInt8], except sender: ClientID?) {
    for id in mutex.withLock({ Array(clients.keys) }) where id != sender {
      _ = send(frame, to: id)
    }
  }

  /// Sends a frame to one client. Returns false if there is no such client, or it did not take the
  /// frame.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    guard let client = mutex.withLock({ clients[id] }) else { return false }
    return client.deliver(frame)
  }
}
// snippet: end
