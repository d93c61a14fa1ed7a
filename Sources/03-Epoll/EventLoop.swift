import Common

/// The loop: wait for everybody at once, then go as far as possible with each who is ready.
struct EventLoop: ~Copyable {
  /// Reads in a row before others get their turn, however much one client has sent.
  static let turns = 16

  let service: HelloService
  let options: EpollOptions
  let stop: StopSignal
  let poller: Poller
  var listener: Listener?
  let listenerToken: Token
  let stopToken: Token
  var events = ReadyEvents()
  var connections = TokenTable<Connection>()
  var timers = Timers()
  /// Connections that go on without an event: they have used up their turns, or were sent a frame.
  var scheduled: [Connection] = []
  var registry: [ClientID: Connection] = [:]
  var lastID = 0
  var clock = WallClock()
  var now: Moment
  var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  init(
    _ listener: consuming Listener, _ service: HelloService, _ stop: StopSignal,
    _ options: EpollOptions
  ) throws(SystemError) {
    let poller = try Poller()
    // Generation 0 is for these two; connections begin with 1.
    let accepting = Token(index: UInt32(listener.descriptor.number), generation: 0)
    let stopping = Token(index: UInt32(stop.descriptor), generation: 0)
    try listener.setNonBlocking()
    try poller.register(
      listener.descriptor.number, token: accepting, interest: .readable, trigger: .level)
    try poller.register(stop.descriptor, token: stopping, interest: .readable)
    (self.service, self.options, self.stop) = (service, options, stop)
    (listenerToken, stopToken) = (accepting, stopping)
    self.poller = poller
    self.listener = consume listener
    now = clock.now()
  }

  mutating func run() throws(SystemError) {
    while listener != nil || !connections.isEmpty {
      let patience = scheduled.isEmpty ? timers.earliest.map { $0 - .now } : .zero
      try poller.wait(for: &events, timeout: patience)
      now = clock.now()
      for index in 0..<events.count { try handle(events[index]) }
      try runTimers()
      runScheduled()
    }
  }

  private mutating func handle(_ event: Event) throws(SystemError) {
    if event.token == listenerToken { return try acceptClients() }
    if event.token == stopToken { return beginStop() }
    // No connection: this event was for one that ended earlier in the same batch.
    guard let connection = connections[event.token] else { return }
    if event.isReadable { connection.mayRead = true }
    if event.isReadClosed { connection.isReadClosed = true }
    if connection.wait != .pausing {
      advance(connection)
    } else if event.isHangUp {
      close(connection)
    }
  }

  /// Chapter 1's `serve`, inside out: where that waits, this notes what it waits for and returns.
  mutating func advance(_ connection: Connection) {
    do throws(SystemError) {
      var turns = Self.turns
      while true {
        guard try connection.flush() else {
          return try wait(connection, .writing, until: writeDeadline(connection))
        }
        switch connection.session.next(at: now) {
        case .read(let deadline):
          guard try connection.fill(&buffer) else {
            return try wait(connection, .reading, until: deadline)
          }
          turns -= 1
          if turns == 0 { return schedule(connection) }
        case .write(let bytes):
          connection.outbox = bytes
          connection.wait = .reading  // A new answer has a new deadline, if it has to wait at all.
        case .pause(let time): return try wait(connection, .pausing, until: now.instant + time)
        case .burn(let time):
          burn(for: time)  // Everybody waits. Chapter 4 has an answer.
          now = clock.now()
        case .deliver(let order): deliver(order, from: connection)
        case .halfClose: connection.socket.shutdownWriting()
        case .finish: return close(connection)
        }
      }
    } catch {
      close(connection)  // An error ends this client only.
    }
  }
}
