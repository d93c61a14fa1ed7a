import Common

/// Who comes, who goes, and who talks to whom. One thread owns all of it: there is no lock.
extension EventLoop {
  mutating func acceptClients() throws(SystemError) {
    for _ in 0..<Self.turns {
      guard let socket = try acceptor?.accept(poller, &timers) else { return }
      let number = socket.descriptor.number
      let connection = Connection(socket, connections.makeToken(for: number), Session(service))
      connections.insert(connection)
      try poller.register(
        number, token: connection.token, interest: .readable, trigger: options.trigger)
      advance(connection)
    }
  }

  /// Nobody new comes in; who is here gets answers to what has arrived, and then the end.
  mutating func beginStop() {
    acceptor = nil
    for connection in connections.all {
      connection.session.stop()
      guard connection.wait == .reading else { continue }
      connection.readiness.insert(.mayRead)
      do {
        _ = try connection.fill(&buffers)
        advance(connection)  // At once: its answers lie in the buffers.
      } catch {
        close(connection)
      }
    }
  }

  mutating func deliver(_ command: Command, from sender: Connection) {
    switch command {
    case .join:
      lastID += 1
      registry[lastID] = sender
      sender.session.joined(as: lastID)
    case .broadcast(let frame):
      for client in registry.values { hand(frame, to: client, from: sender) }
    case .send(let frame, let id):
      guard let client = registry[id] else { return sender.session.noClient(id) }
      hand(frame, to: client, from: sender)
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
  }

  /// Puts a frame into a client's outbox. Who does not read, and lets it grow too long, is cut off.
  private mutating func hand(_ frame: [UInt8], to client: Connection, from sender: Connection) {
    client.session.enqueue(frame)
    if client === sender { return }
    let backlog = client.outbox.count + client.session.unwritten
    if backlog > options.outbox { close(client) } else { schedule(client) }
  }

  /// The descriptor is closed, and with it leaves the poller, when the last reference goes.
  mutating func close(_ connection: Connection) {
    connections.remove(connection.token)
    if let id = connection.session.clientID { registry[id] = nil }
  }
}
