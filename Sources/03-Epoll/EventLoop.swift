import Common

/// The loop: wait for everybody at once, then go as far as possible with each who is ready.
struct EventLoop: ~Copyable {
  /// Reads in a row before others get their turn, however much one client has sent.
  static let turns = 16

  let service: HelloService
  let options: EpollOptions
  let poller: Poller
  var acceptor: Acceptor?
  var events = ReadyEvents()
  var connections = Slab<Connection>()
  var timers = Timers()
  /// Connections that go on without an event: they have used up their turns, or were sent a frame.
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
    (self.service, self.options) = (service, options)
    self.poller = poller
    self.acceptor = consume acceptor
  }

  // snippet: run
  mutating func run() throws(SystemError) {
    while acceptor != nil || !connections.isEmpty {
      let deadline = scheduled.isEmpty ? timers.earliest : buffers.now
      try poller.wait(for: &events, until: deadline, now: buffers.now)
      buffers.tick()
      // Deadlines that pass while the events are handled are for the next turn: the bytes may be there, unheard of.
      let due = buffers.now
      for index in 0..<events.count { try handle(events[index]) }
      try runTimers(at: due)
      runScheduled()
    }
  }
  // snippet: end

  private mutating func handle(_ event: Event) throws(SystemError) {
    // No connection: this event was for one that ended earlier in the same batch.
    guard let connection = connections[event.token] else {
      if event.token == .loop { beginStop() }
      if event.token == acceptor?.token { try acceptClients() }
      return
    }
    connection.readiness.note(event)
    switch connection.wait {
    case .reading: advance(connection)
    case .writing: if event.isWritable { advance(connection) }
    case .pausing: if event.isHangUp { close(connection) }
    }
  }

  // snippet: advance
  /// Chapter 1's `serve`, inside out: where that waits, this notes what it waits for and returns.
  mutating func advance(_ connection: Connection) {
    do throws(SystemError) {
      var turns = Self.turns
      while true {
        guard try connection.flush() else {
          return try wait(connection, .writing, until: buffers.now + options.server.sendTimeout)
        }
        switch connection.session.next(&buffers) {
        case .read(let deadline):
          // Not between a read and its answers, which lie in the buffers that all share.
          if turns == 0 { schedule(connection) }
          guard turns > 0, try connection.fill(&buffers) else {
            return try wait(connection, .reading, until: deadline)
          }
          turns -= 1
        case .write: connection.outbox = try connection.socket.send(&buffers)
        case .pause(let time): return try wait(connection, .pausing, until: .now + time)
        case .burn(let time):
          burn(for: time)  // Everybody waits. Chapter 4 has an answer.
          buffers.tick()
        case .deliver(let command): deliver(command, from: connection)
        case .halfClose: connection.socket.shutdownWriting()
        case .finish: return close(connection)
        }
      }
    } catch {
      close(connection)  // An error ends this client only.
    }
  }
  // snippet: end
}
