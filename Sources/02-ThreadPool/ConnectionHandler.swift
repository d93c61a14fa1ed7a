import Common

// snippet: state
/// The state of a worker while it serves one client.
struct ConnectionHandler: ~Copyable {
  let service: HelloService
  let stop: StopSignal
  let registry: Registry
  var buffers = IOBuffers(inputSize: 16 * 1024)
  // snippet: end

  // snippet: serve
  /// Serves one client, from its first byte to its last.
  mutating func serve(_ client: Connection) throws(SystemError) {
    var session = Session(service)
    defer { if let id = session.clientID { registry.leave(id) } }
    while true {
      buffers.tick()
      if stop.isRequested { session.stop() }
      switch session.next(&buffers) {
      case .read(let deadline):
        let interruption = session.isStopping ? nil : stop
        switch try client.socket.receive(into: &buffers, until: deadline, unless: interruption) {
        case .bytes(let count): session.receive(count, &buffers)
        case .timedOut: session.timeOut()
        case .stopping: continue
        }
      case .write: try client.sendAll(&buffers, isOpen: session.takesFrames)
      case .pause(let time): try client.socket.pause(until: .now + time)
      case .burn(let time): burn(for: time)
      case .deliver(let command): deliver(command, from: client, for: &session)
      case .halfClose: client.socket.shutdownWriting()
      case .finish: return
      }
    }
  }
  // snippet: end

  // snippet: deliver
  mutating func deliver(_ command: Command, from client: Connection, for session: inout Session) {
    switch command {
    case .join: session.joined(as: registry.join(client))
    // The sender's own copy must come after its earlier answers, so the session sends it.
    case .broadcast(let frame):
      registry.broadcast(frame, except: session.clientID)
      session.enqueue(frame)
    case .send(let frame, let id) where id == session.clientID: session.enqueue(frame)
    case .send(let frame, let id): if !registry.send(frame, to: id) { session.noClient(id) }
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
  }
  // snippet: end
}
