// expect: the elements after it move up
import Kit

/// The number of unsent bytes allowed per client.
let limit = 4000

/// A client. Only the thread of its loop touches it.
final class Client {
  let socket: BufferedSocket
  /// Bytes that the kernel has not taken yet.
  private(set) var outbox: [UInt8] = []
  private(set) var isOpen = true

  init(_ socket: BufferedSocket) { self.socket = socket }

  /// Sends a frame. Bytes that the kernel does not take wait in the outbox. A client with too much
  /// in its outbox is disconnected.
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

/// The clients that are connected.
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
