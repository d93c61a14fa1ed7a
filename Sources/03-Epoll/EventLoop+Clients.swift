import Common

// snippet: clients
/// Connecting and leaving clients, and messages between them. One thread owns everything here, so
/// there is no lock.
extension EventLoop {
  mutating func acceptClients() throws(SystemError) {
    for _ in 0..<Acceptor.batch {
      guard let socket = try acceptor?.accept(poller, &timers) else { return }
      let number = socket.descriptor.number
      let connection = Connection(socket, connections.makeToken(for: number), Session(service))
      connections.insert(connection)
      do throws(SystemError) {
        try poller.register(
          number, token: connection.token, interest: .readable, trigger: options.trigger)
        advance(connection)
      } catch {
        close(connection, because: service.reason(error))
      }
    }
  }

  /// Closes the listener. Each client still gets answers to what has arrived, then its connection
  /// ends.
  mutating func beginStop() {
    if acceptor == nil { return }
    acceptor = nil
    for connection in connections.all {
      connection.session.stop()
      if connection.state == .reading { advance(connection) }
    }
  }

  /// Carries out a command. Returns what it costs the sender's budget, in frames.
  mutating func deliver(_ command: Command, from sender: Connection) -> Int {
    switch command {
    case .join:
      lastID += 1
      registry[lastID] = sender
      sender.session.joined(as: lastID)
    case .broadcast(let frame):
      for client in registry.values { enqueue(frame, for: client, from: sender) }
      return registry.count
    case .send(let frame, let id):
      if let client = registry[id] {
        enqueue(frame, for: client, from: sender)
      } else {
        sender.session.noClient(id)
      }
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
    return 1
  }

  /// Queues a frame for a client; all frames of one loop iteration are sent together at its end. A
  /// client that does not read is cut off when more than `--outbox` bytes wait for it. The sender's
  /// own copy is written with its answers, so it comes after the earlier ones.
  private mutating func enqueue(_ frame: [UInt8], for client: Connection, from sender: Connection) {
    if client === sender { return client.session.enqueue(frame) }
    guard client.session.takesFrames else { return }
    client.transport.enqueue(frame)
    schedule(client)
    do throws(SystemError) {
      if try client.transport.hasOverflowed(options.outbox) {
        close(client, because: "it does not read: more than \(options.outbox) bytes wait")
      }
    } catch { close(client, because: service.reason(error)) }
  }

  /// Forgets a connection. Its descriptor is closed when the last reference to it is released;
  /// closing it also removes it from the poller.
  /// - Parameter reason: for the log; `nil` unless the client is disconnected against its will.
  mutating func close(_ connection: Connection, because reason: String? = nil) {
    if let reason { service.log(connection.transport.socket, reason) }
    connection.state = .closed
    connections.remove(connection.token)
    if let id = connection.session.clientID { registry[id] = nil }
  }
}
// snippet: end
