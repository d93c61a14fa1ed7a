import Kit

/// The number of unsent bytes allowed per client.
let limit = 4000

/// A client. Only the thread of its loop touches it.
final class Client {
  let socket: BufferedSocket
  /// Bytes that the kernel has not taken yet.
  private(set) var outbox: [UInt8] = []

  init(_ socket: BufferedSocket) { self.socket = socket }

  /// Sends a frame. Bytes that the kernel does not take wait in the outbox.
  ///
  /// Requirements: after each broadcast, the outbox holds at most `limit` bytes. A client with more
  /// is disconnected: call `socket.close()`, empty its outbox, and remove it from the registry.
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

/// The clients that are connected.
final class Registry {
  private(set) var clients: [Client] = []

  func join(_ client: Client) { clients.append(client) }

  /// Requirement: a client that reads gets every frame in order, and so does a client that is slow
  /// for a while.
  func broadcast(_ frame: [UInt8]) {
    for client in clients { client.send(frame) }
  }
}
