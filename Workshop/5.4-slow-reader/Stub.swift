import Kit

/// So many bytes a client may leave lying.
let limit = 4000

/// A client, on its loop: one thread.
final class Client {
  let socket: BufferedSocket
  /// What the kernel has not taken.
  private(set) var outbox: [UInt8] = []

  init(_ socket: BufferedSocket) { self.socket = socket }

  /// Sends a frame; as far as the kernel does not take it, it waits in the outbox.
  ///
  /// What must hold: after each broadcast, at most `limit` bytes are in the outbox. A client with more is cut off:
  /// `socket.close()`, nothing in its outbox, and the registry does not know it any more.
  func send(_ frame: [UInt8]) {
    outbox += frame
    flush()
  }

  /// The loop calls this when the kernel has room again.
  func flush() {
    let taken = socket.write(outbox)
    outbox.removeFirst(taken)
  }
}

/// Knows who is there.
final class Registry {
  private(set) var clients: [Client] = []

  func join(_ client: Client) { clients.append(client) }

  /// What must hold: who reads gets every frame, in order. Who is slow for a while does, too.
  func broadcast(_ frame: [UInt8]) {
    for client in clients { client.send(frame) }
  }
}
