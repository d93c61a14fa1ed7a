import Common

/// Who comes, who goes, and who talks to whom. One thread owns all of it: there is no lock.
extension EventLoop {
  mutating func acceptClients() throws(SystemError) {
    do {
      for _ in 0..<Self.turns {
        guard let socket = try listener?.accept(nonBlocking: true) else { return }
        let token = connections.makeToken(for: socket.descriptor.number)
        let connection = Connection(socket, token, Session(service))
        connections.insert(connection, token)
        try poller.register(
          connection.socket.descriptor.number, token: connection.token,
          interest: connection.interest, trigger: options.trigger)
        advance(connection)
      }
    } catch  where error.isShortage {
      // No descriptor is left. The client stays in the backlog, and the listener stays readable: not to hear of it all the
      // time, we look away for a moment.
      guard let number = listener?.descriptor.number else { return }
      try poller.reregister(number, token: listenerToken, interest: [], trigger: .level)
      timers.insert(now.instant + .milliseconds(50), listenerToken)
    }
  }

  mutating func resumeAccepting() throws(SystemError) {
    guard let number = listener?.descriptor.number else { return }
    try poller.reregister(number, token: listenerToken, interest: .readable, trigger: .level)
  }

  /// Nobody new comes in; who is here gets answers to what has arrived, and then the end.
  mutating func beginStop() {
    listener = nil
    for connection in connections.all {
      connection.mayRead = true
      do { _ = try connection.fill(&buffer) } catch { close(connection) }
      connection.session.stop()
      if connection.wait != .pausing { schedule(connection) }
    }
  }

  mutating func deliver(_ order: Order, from sender: Connection) {
    switch order {
    case .join:
      lastID += 1
      registry[lastID] = sender
      sender.session.joined(as: lastID)
    case .broadcast(let frame):
      for client in registry.values { hand(frame, to: client, from: sender) }
    case .send(let frame, let id):
      guard let client = registry[id] else { return sender.session.noClient(id) }
      hand(frame, to: client, from: sender)
    }
  }

  /// Puts a frame into a client's outbox. Who does not read, and lets it grow too long, is cut off.
  private mutating func hand(_ frame: [UInt8], to client: Connection, from sender: Connection) {
    client.session.enqueue(frame)
    if client === sender { return }
    if client.backlog > options.outbox { close(client) } else { schedule(client) }
  }
}
