import Common

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

  /// Removes a client. Shuts its socket down, so that a broadcast that blocks on it stops waiting.
  func leave(_ id: ClientID) {
    mutex.withLock { clients.removeValue(forKey: id) }?.socket.shutdown()
  }

  /// Writes to every other client, on the caller's thread. If the mutex were held while sending, one
  /// slow reader would keep every other client from joining or leaving.
  func broadcast(_ frame: [UInt8], except sender: ClientID?) {
    let ids = mutex.withLock { Array(clients.keys) }
    for id in ids where id != sender { _ = send(frame, to: id) }
  }

  /// Writes to one client. Returns false if there is none, or if it did not take the frame.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    mutex.withLock { clients[id] }?.deliver(frame) ?? false
  }
}
