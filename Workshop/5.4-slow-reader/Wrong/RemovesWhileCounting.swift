// expect: those after it move up
import Kit

/// So many bytes a client may leave lying.
let limit = 4000

/// A client, on its loop: one thread.
final class Client {
  let socket: BufferedSocket
  /// What the kernel has not taken.
  private(set) var outbox: [UInt8] = []
  private(set) var isOpen = true

  init(_ socket: BufferedSocket) { self.socket = socket }

  /// Sends a frame; as far as the kernel does not take it, it waits in the outbox. Who leaves too
  /// much lying is cut off.
  func send(_ frame: [UInt8]) {
    outbox += frame
    flush()
    if outbox.count > limit { hangUp() }
  }

  /// The loop calls this when the kernel has room again.
  func flush() {
    let taken = socket.write(outbox)
    outbox.removeFirst(taken)
  }

  private func hangUp() {
    socket.close()
    outbox = []
    isOpen = false
  }
}

/// Knows who is there.
final class Registry {
  private(set) var clients: [Client] = []

  func join(_ client: Client) { clients.append(client) }

  func broadcast(_ frame: [UInt8]) {
    for (index, client) in clients.enumerated() {
      client.send(frame)
      if !client.isOpen { clients.remove(at: index) }
    }
  }
}
