import Common

// snippet: waiting
/// Waiting without holding the thread: for an event, for a deadline, or in the `scheduled` list.
extension EventLoop {
  mutating func wait(
    _ connection: Connection, _ state: Connection.State, until deadline: Instant
  ) throws(SystemError) {
    connection.transport.deadline.set(deadline, connection.token, in: &timers)
    if connection.state != state { try enter(state, connection) }
  }

  @inline(never)
  private mutating func enter(
    _ state: Connection.State, _ connection: Connection
  ) throws(SystemError) {
    // A hang-up that came in the same event as the request is not reported again. Without this
    // line, the pause would continue to its end for a client that is gone.
    if state == .pausing && connection.transport.readiness.contains(.isHungUp) {
      return close(connection)
    }
    let before = interest(in: connection.state)
    connection.state = state
    if interest(in: state) == before { return }
    try poller.reregister(
      connection.transport.socket.descriptor.number, token: connection.token,
      interest: interest(in: state), trigger: options.trigger)
  }

  /// Waits until the kernel takes more bytes. A client that takes nothing before the send timeout
  /// is over is cut off.
  mutating func waitForRoom(_ connection: Connection) throws(SystemError) {
    let timeout = options.server.sendTimeout
    let look = try connection.transport.nextLook(timeout: timeout, at: buffers.now)
    try wait(connection, .writing, until: look)
  }

  /// Returns the interest to register in a state. With an edge trigger, readiness is reported once,
  /// so unneeded interest costs nothing. With a level trigger it is reported at every wait, so what
  /// we do not want to hear about has to be switched off, which costs a system call each time.
  private func interest(in state: Connection.State) -> Interest {
    switch (options.trigger, state) {
    case (.edge, .writing): [.readable, .writable]
    case (.edge, _), (.level, .reading), (.level, .scheduled): .readable
    case (.level, .writing): .writable
    case (.level, .pausing), (.level, .closed): []
    }
  }

  mutating func schedule(_ connection: Connection) {
    if connection.isScheduled { return }
    connection.isScheduled = true
    scheduled.append(connection)
  }

  mutating func runScheduled() {
    if scheduled.isEmpty { return }
    let batch = scheduled
    scheduled = []
    for connection in batch {
      connection.isScheduled = false
      // A connection in `.writing` continues when an event says that there is room.
      if connection.state == .reading || connection.state == .scheduled { advance(connection) }
    }
  }

  mutating func runTimers(at now: Instant) throws(SystemError) {
    while let (due, token) = timers.removeDue(at: now) {
      if token == acceptor?.token { try acceptor?.reopen(poller) }
      // Skips an entry whose connection is gone, or whose deadline was moved.
      guard let connection = connections[token],
        connection.transport.deadline.hasExpired(due, at: now, token, in: &timers)
      else { continue }
      if connection.state == .reading { connection.session.timeOut() }
      advance(connection)  // Its pause is over, or its send timeout must be checked.
    }
  }
}
// snippet: end
