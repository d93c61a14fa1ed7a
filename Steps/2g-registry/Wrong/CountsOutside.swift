// expect: A and B join at the same moment, and their numbers are not 1 and 2
// file: Registry.swift
/// The clients that listen to `/events`.
final class Registry: @unchecked Sendable {
  // Unchecked: every access to the two variables holds the mutex.
  private let mutex = PosixMutex()
  private var clients: [Int: Int32] = [:]
  private var lastID = 0

  func join(_ client: Int32) -> Int {
    lastID += 1
    return mutex.withLock {
      clients[lastID] = client
      _ = sendAll(event("You are client \(lastID)"), to: client)
      return lastID
    }
  }

  func leave(_ id: Int) { _ = mutex.withLock { clients.removeValue(forKey: id) } }

  func broadcast(_ text: String) {
    mutex.withLock {
      for client in clients.values { _ = sendAll(event(text), to: client) }
    }
  }

  /// A server-sent event: https://html.spec.whatwg.org/multipage/server-sent-events.html
  private func event(_ text: String) -> [UInt8] { Array("data: \(text)\n\n".utf8) }
}
