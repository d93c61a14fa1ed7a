import Common

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

  func leave(_ id: ClientID) { _ = mutex.withLock { clients.removeValue(forKey: id) } }

  // snippet: broadcast
  /// Writes to everybody else, on the caller's thread. The mutex is held only to copy the list: sending under
  /// it would let one slow reader stop everyone who wants to join or leave.
  func broadcast(_ frame: [UInt8], except sender: Connection) {
    for client in mutex.withLock({ Array(clients.values) }) where client !== sender {
      client.deliver(frame)
    }
  }
  // snippet: end

  /// False where there is no such client.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    guard let client = mutex.withLock({ clients[id] }) else { return false }
    client.deliver(frame)
    return true
  }
}
