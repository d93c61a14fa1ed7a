import Common

// snippet: manager
/// The registry of the clients of `/ws`. It is an actor: a caller waits for it with `await` instead
/// of on a lock, and no other code can touch its state.
actor ConnectionManager {
  private var clients: [ClientID: ConnectionRef] = [:]
  private var lastID = 0

  var count: Int { clients.count }

  /// Adds a client and assigns its id. The counter is inside the actor, so no caller can increment
  /// it unguarded.
  func register(_ client: ConnectionRef) -> ClientID {
    lastID += 1
    clients[lastID] = client
    if !loops.contains(where: { $0 === client.loop }) { loops.append(client.loop) }
    return lastID
  }

  /// The loops that have had clients of `/ws`.
  private var loops: [LoopActor] = []

  func unregister(_ id: ClientID) { clients[id] = nil }

  /// Posts one message to each loop, which sends the frame to all of its clients except the sender.
  /// - Returns: the number of clients in the registry.
  func broadcast(_ frame: [UInt8], from sender: ConnectionRef) -> Int {
    for loop in loops {
      let isHome = loop === sender.loop
      loop.post { $0.reactor.broadcast(frame, except: isHome ? sender.token : nil) }
    }
    return clients.count
  }

  /// Sends a frame to one client. Returns false if there is no such client.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    guard let client = clients[id] else { return false }
    client.loop.post { $0.reactor.send(frame, to: client.token) }
    return true
  }
}

/// A reference to a client, for code that does not run on the client's loop.
struct ConnectionRef: Sendable {
  let loop: LoopActor
  let token: Token
}
// snippet: end
