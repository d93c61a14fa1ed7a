/// The clients of `/ws`, on all loops: an actor, the connection manager. It lives on the first
/// loop, and every message goes through it, one at a time.
actor ActorRegistry {
  nonisolated let inbox: Inbox
  nonisolated var unownedExecutor: UnownedSerialExecutor { inbox.asUnownedSerialExecutor() }
  private var clients: [Int: ConnectionRef] = [:]
  private var lastID = 0

  init(on inbox: Inbox) { self.inbox = inbox }

  /// Assigns a number. The counter is inside the actor, or two loops could read it at once.
  func add(_ client: ConnectionRef) {
    lastID += 1
    clients[lastID] = client
    reply(.joined(lastID), to: client)
  }

  func remove(_ id: Int) { clients[id] = nil }

  func broadcast(_ frame: [UInt8], from sender: ConnectionRef) {
    for client in clients.values { post(frame, to: client) }
    reply(.done, to: sender)
  }

  func send(_ frame: [UInt8], to id: Int, from sender: ConnectionRef) {
    if let client = clients[id] { post(frame, to: client) }
    reply(clients[id] == nil ? .noClient(id) : .done, to: sender)
  }

  private func post(_ frame: [UInt8], to client: ConnectionRef) {
    client.inbox.post { $0.enqueue(frame, for: client.token) }
  }

  /// Reaches the loop after the frames, so a sender's own copy comes before its next answer.
  private func reply(_ reply: RegistryReply, to client: ConnectionRef) {
    client.inbox.post { $0.handleReply(reply, to: client.token) }
  }
}

/// The outcome of a command.
enum RegistryReply {
  case joined(Int)
  case done
  case noClient(Int)
}

/// Names a client for loops that do not own it.
struct ConnectionRef: Sendable {
  let inbox: Inbox
  let token: Token
}
