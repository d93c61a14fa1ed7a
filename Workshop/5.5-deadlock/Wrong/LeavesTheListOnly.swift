// expect: after leave(client) had returned
import Kit

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

  func send(_ frame: String) {
    mutex.withLock { if isOpen { socket.write(frame) } }
  }
}

final class Registry: @unchecked Sendable {
  // Unchecked: the members are touched only while holding the registry's mutex.
  private let mutex = PosixMutex("the registry's mutex")
  private let members = Members()

  func join(_ client: Client) {
    mutex.withLock { members.add(client) }
  }

  func leave(_ client: Client) {
    mutex.withLock { members.remove(client) }
  }

  func broadcast(_ frame: String) {
    let receivers = mutex.withLock { members.all }
    for client in receivers { client.send(frame) }
  }
}
