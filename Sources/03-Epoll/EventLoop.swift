import Common

// snippet: state
/// An event loop: it waits for all clients at once, then gets as far as it can with each one that
/// is ready.
struct EventLoop: ~Copyable {
  let service: HelloService
  let stop: StopSignal
  let options: EpollOptions
  let poller: Poller
  var acceptor: Acceptor?
  var events = ReadyEvents()
  let connections = Slab<Connection>()
  var timers = Timers()
  /// Connections that continue without an event: their budget was spent, or frames were queued for
  /// them.
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
  /// Serves until a stop is requested and the last connection is closed.
  /// - Throws: ``SystemError`` if the listener is gone, or if `epoll_wait` fails.
  mutating func run() throws(SystemError) {
    while acceptor != nil || !connections.isEmpty {
      let deadline = scheduled.isEmpty ? timers.earliest : buffers.now
      try poller.wait(for: &events, until: deadline, now: buffers.now)
      buffers.tick()
      if stop.isRequested { beginStop() }
      // A deadline that passes while these events are handled waits for the next iteration: the
      // client's bytes may have arrived in the meantime, and the next `epoll_wait` reports them
      // first.
      let due = buffers.now
      for index in 0..<events.count { try handle(events[index]) }
      try runTimers(at: due)
      runScheduled()
    }
  }
  // snippet: end

  // snippet: handle
  private mutating func handle(_ event: Event) throws(SystemError) {
    // If there is no such connection, it ended earlier in the same batch of events.
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
  /// Goes as far as possible with a connection. This is chapter 1's `serve` turned inside out:
  /// instead of waiting, it records what it waits for and returns.
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
          burn(for: time)  // All clients wait for this. Chapter 4 solves it.
          buffers.tick()
        case .deliver(let command): budget.spend(deliveries: deliver(command, from: connection))
        case .halfClose: connection.transport.socket.shutdownWriting()
        case .finish: return close(connection)
        }
      }
      schedule(connection)
      try wait(connection, .scheduled, until: .distantFuture)
    } catch {
      close(connection, because: service.reason(error))  // An error ends only this client.
    }
  }
  // snippet: end
}
