// expect: A does not read, and now C cannot join
// file: Registry.swift
/// The clients that listen to `/events`.
final class Registry: @unchecked Sendable {
  // Unchecked: every access to the two variables holds the mutex.
  private let mutex = PosixMutex()
  private var clients: [Int: Connection] = [:]
  private var lastID = 0

  func join(_ client: Connection) -> Int {
    let id = mutex.withLock {
      lastID += 1
      clients[lastID] = client
      return lastID
    }
    client.deliver(event("You are client \(id)"))
    return id
  }

  func leave(_ id: Int) { _ = mutex.withLock { clients.removeValue(forKey: id) } }

  /// Sends to all listeners on the caller's thread. Holds the mutex only to copy the list.
  func broadcast(_ text: String) {
    mutex.withLock {
      for client in clients.values { client.deliver(event(text)) }
    }
  }

  /// A server-sent event: https://html.spec.whatwg.org/multipage/server-sent-events.html
  private func event(_ text: String) -> [UInt8] { Array("data: \(text)\n\n".utf8) }
}
