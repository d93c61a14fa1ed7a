import Common

/// A worker with one client.
struct ConnectionHandler: ~Copyable {
  let service: HelloService
  let stop: StopSignal
  let registry: Registry
  var buffers = IOBuffers(inputSize: 16 * 1024)
  var joined: ClientID?

  // snippet: serve
  /// One client, from its first byte to its last.
  mutating func serve(_ client: Connection) throws(SystemError) {
    var session = Session(service)
    while true {
      buffers.tick()
      switch session.next(&buffers) {
      case .read(let deadline):
        let interruption = session.isStopping ? nil : stop
        switch try client.socket.receive(into: &buffers, until: deadline, unless: interruption) {
        case .bytes(let count):
          if stop.isRequested { session.stop() }
          session.receive(count, &buffers)
        case .timedOut: session.timeOut()
        case .stopping: session.stop()
        }
      case .write: try client.sendAll(&buffers)
      case .pause(let time):
        sleep(until: .now + time)
        if stop.isRequested { session.stop() }
      case .burn(let time): burn(for: time)
      case .deliver(let command): deliver(command, from: client, for: &session)
      case .halfClose: client.socket.shutdownWriting()
      case .finish: return
      }
    }
  }
  // snippet: end

  mutating func deliver(_ command: Command, from client: Connection, for session: inout Session) {
    switch command {
    case .join:
      let id = registry.join(client)
      joined = id
      session.joined(as: id)
    // Its own copy comes after its own answers, so it goes the same way.
    case .broadcast(let frame):
      registry.broadcast(frame, except: client)
      session.enqueue(frame)
    case .send(let frame, let id) where id == joined: session.enqueue(frame)
    case .send(let frame, let id): if !registry.send(frame, to: id) { session.noClient(id) }
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
  }

  func leave() { if let joined { registry.leave(joined) } }
}
