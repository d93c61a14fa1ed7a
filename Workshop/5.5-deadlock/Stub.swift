import Kit

/// A client, shared by all threads.
final class Client: @unchecked Sendable {
  // Unchecked: the socket and `isOpen` are touched only while holding the client's mutex.
  let id: Int
  let mutex: PosixMutex
  let socket: Socket
  // `@Shared` lets the check see which thread touches it, and which mutexes that thread holds.
  @Shared var isOpen = true

  init(id: Int, socket: Socket) {
    (self.id, self.socket) = (id, socket)
    mutex = PosixMutex("the mutex of client \(id)")
  }

  /// If the client does not read, `write` sleeps until it does, so this may take a long time.
  func send(_ frame: String) {
    mutex.withLock { if isOpen { socket.write(frame) } }
  }
}

/// The clients that are connected. All threads call its methods.
final class Registry: @unchecked Sendable {
  // Unchecked: the members are touched only while holding the registry's mutex. `members.all`
  // returns them as an array.
  private let mutex = PosixMutex("the registry's mutex")
  private let members = Members()

  func join(_ client: Client) {
    mutex.withLock { members.add(client) }
  }

  /// Once this returns, the client gets nothing more.
  func leave(_ client: Client) {
    client.mutex.withLock {
      client.isOpen = false
      mutex.withLock { members.remove(client) }
    }
  }

  /// Sends a frame to every client in the registry.
  ///
  /// Requirement: whatever this waits for, other clients can join and leave in the meantime.
  func broadcast(_ frame: String) {
    mutex.withLock {
      for client in members.all { client.send(frame) }
    }
  }
}
