import Kit

/// A client, as all threads see it.
final class Client: @unchecked Sendable {
  // Unchecked: the socket and `isOpen` are touched only while holding the client's mutex.
  let id: Int
  let mutex: PosixMutex
  let socket: Socket
  // `@Shared`: the check sees which thread touches it, and what that thread holds.
  @Shared var isOpen = true

  init(id: Int, socket: Socket) {
    (self.id, self.socket) = (id, socket)
    mutex = PosixMutex("the mutex of client \(id)")
  }

  /// Where the client does not read, `write` sleeps until it does. So this may take long.
  func send(_ frame: String) {
    mutex.withLock { if isOpen { socket.write(frame) } }
  }
}

/// Knows who is there. Its methods are called by all threads.
final class Registry: @unchecked Sendable {
  // Unchecked: the members are touched only while holding the registry's mutex. `members.all` is an
  // array of them.
  private let mutex = PosixMutex("the registry's mutex")
  private let members = Members()

  func join(_ client: Client) {
    mutex.withLock { members.add(client) }
  }

  /// Once this has returned, the client gets nothing more.
  func leave(_ client: Client) {
    client.mutex.withLock {
      client.isOpen = false
      mutex.withLock { members.remove(client) }
    }
  }

  /// Sends a frame to everybody who is there.
  ///
  /// What must hold: whatever it waits for, others can join and leave meanwhile.
  func broadcast(_ frame: String) {
    mutex.withLock {
      for client in members.all { client.send(frame) }
    }
  }
}
