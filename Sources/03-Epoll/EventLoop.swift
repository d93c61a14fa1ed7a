import Common

// snippet: state
/// The loop: wait for all clients at once, then go as far as possible with each one that is ready.
struct EventLoop: ~Copyable {
  let service: HelloService
  let stop: StopSignal
  let options: EpollOptions
  let poller: Poller
  var acceptor: Acceptor?
  var events = ReadyEvents()
  let connections = Slab<Connection>()
  var timers = Timers()
  /// Connections that continue without an event: their budget is spent, or they were sent frames.
  var scheduled: [Connection] = []
  var registry: [ClientID: Connection] = [:]
  var lastID = 0
  var buffers = IOBuffers()

  init(
    _ listener: consuming Listener, _ service: HelloService, _ stop: StopSignal,
    _ options: EpollOptions
  ) throws(SystemError) {
    let poller = try Poller()
    let acceptor = try Acceptor(listener, poller)
    try poller.register(stop.descriptor, token: .loop, interest: .readable)
    (self.service, self.stop, self.options) = (service, stop, options)
    self.poller = poller
    self.acceptor = consume acceptor
  }
  // snippet: end

  // snippet: run
  /// - Throws: ``SystemError`` if the listener is gone, or the kernel refuses to wait.
  mutating func run() throws(SystemError) {
    while acceptor != nil || !connections.isEmpty {
      let deadline = scheduled.isEmpty ? timers.earliest : buffers.now
      try poller.wait(for: &events, until: deadline, now: buffers.now)
      buffers.tick()
      if stop.isRequested { beginStop() }
      // Deadlines that pass while events are handled wait for the next iteration: the bytes may
      // have arrived, unheard of.
      let due = buffers.now
      for index in 0..<events.count { try handle(events[index]) }
      try runTimers(at: due)
      runScheduled()
    }
  }
  // snippet: end

  // snippet: handle
  private mutating func handle(_ event: Event) throws(SystemError) {
    // No connection: this event was for one that ended earlier in the same batch.
    guard let connection = connections[event.token] else {
      if event.token == acceptor?.token { try acceptClients() }
      return
    }
    connection.transport.readiness.update(with: event)
    switch connection.state {
    case .reading: advance(connection)
    case .writing: if event.isWritable { advance(connection) }
    case .pausing: if event.isHangUp { close(connection) }
    case .scheduled, .closed: break
    }
  }
  // snippet: end

  // snippet: advance
  /// Chapter 1's `serve`, inside out: that one waits, this one writes down what it waits for and
  /// returns.
  mutating func advance(_ connection: Connection) {
    do throws(SystemError) {
      guard try connection.transport.flush() else { return try waitForRoom(connection) }
      var budget = Budget()
      // Don't stop between a read and its answers: the answers are in the shared buffers.
      while !budget.isSpent || !buffers.output.isEmpty {
        switch connection.session.next(&buffers) {
        case .read(let deadline):
          if let count = try connection.transport.receive(into: &buffers, until: deadline) {
            budget.spend(bytes: count)
            connection.session.receive(count, &buffers)
          } else if deadline > buffers.now {
            return try wait(connection, .reading, until: deadline)
          } else {
            connection.session.timeOut()
          }
        case .write:
          budget.spend(bytes: buffers.output.count)
          guard try connection.transport.send(&buffers.output) else {
            return try waitForRoom(connection)
          }
        case .pause(let time): return try wait(connection, .pausing, until: .now + time)
        case .burn(let time):
          burn(for: time)  // All clients wait. Chapter 4 has an answer.
          buffers.tick()
        case .deliver(let command): budget.spend(deliveries: deliver(command, from: connection))
        case .halfClose: connection.transport.socket.shutdownWriting()
        case .finish: return close(connection)
        }
      }
      schedule(connection)
      try wait(connection, .scheduled, until: .distantFuture)
    } catch {
      close(connection, because: service.reason(error))  // An error ends this client only.
    }
  }
  // snippet: end
}
