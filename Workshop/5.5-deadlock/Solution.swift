import Kit

/// A client, shared by all threads.
final class Client: @unchecked Sendable {
  // Unchecked: the socket and `isOpen` are touched only while holding the client's mutex.
  let id: Int
  let mutex: PosixMutex
  let socket: Socket
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

/// The clients that are connected. All threads call its methods, and none of them holds two mutexes
/// at once.
final class Registry: @unchecked Sendable {
  // Unchecked: the members are touched only while holding the registry's mutex.
  private let mutex = PosixMutex("the registry's mutex")
  private let members = Members()

  func join(_ client: Client) {
    mutex.withLock { members.add(client) }
  }

  /// When this returns, the client gets nothing more, not even from a broadcast that had already
  /// copied it from the list.
  func leave(_ client: Client) {
    mutex.withLock { members.remove(client) }
    client.mutex.withLock { client.isOpen = false }
  }

  /// Sends a frame to every client in the registry.
  func broadcast(_ frame: String) {
    let receivers = mutex.withLock { members.all }
    for client in receivers { client.send(frame) }
  }
}
