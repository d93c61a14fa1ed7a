// expect: prevents a deadlock, but not a long wait
import Kit

final class Client: @unchecked Sendable {
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
  private let mutex = PosixMutex("the registry's mutex")
  private let members = Members()

  func join(_ client: Client) {
    mutex.withLock { members.add(client) }
  }

  func leave(_ client: Client) {
    mutex.withLock {
      members.remove(client)
      client.mutex.withLock { client.isOpen = false }
    }
  }

  func broadcast(_ frame: String) {
    let receivers = mutex.withLock { members.all }
    for client in receivers { client.send(frame) }
  }
}
