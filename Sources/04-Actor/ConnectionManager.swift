import Common

// snippet: manager
/// The registry of the clients of `/ws`. It is an actor: a caller waits for it in `await`, not on a
/// lock, and no other code can touch what it owns.
actor ConnectionManager {
  private var clients: [ClientID: ConnectionRef] = [:]
  private var lastID = 0

  var count: Int { clients.count }

  /// The manager assigns the id. There is no counter outside that a caller could forget to guard.
  func register(_ client: ConnectionRef) -> ClientID {
    lastID += 1
    clients[lastID] = client
    if !loops.contains(where: { $0 === client.loop }) { loops.append(client.loop) }
    return lastID
  }

  /// The loops that clients have come from.
  private var loops: [LoopActor] = []

  func unregister(_ id: ClientID) { clients[id] = nil }

  /// Sends one message to each loop, which gives the frame to all of its clients except the sender.
  /// - Returns: the number of clients.
  func broadcast(_ frame: [UInt8], from sender: ConnectionRef) -> Int {
    for loop in loops {
      let isHome = loop === sender.loop
      loop.post { $0.reactor.broadcast(frame, except: isHome ? sender.token : nil) }
    }
    return clients.count
  }

  /// Returns false if there is no such client.
  func send(_ frame: [UInt8], to id: ClientID) -> Bool {
    guard let client = clients[id] else { return false }
    client.loop.post { $0.reactor.send(frame, to: client.token) }
    return true
  }
}

/// A client's name for code that does not run on its loop.
struct ConnectionRef: Sendable {
  let loop: LoopActor
  let token: Token
}
// snippet: end
