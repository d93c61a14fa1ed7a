import Common

// snippet: waiting
/// How a connection waits without holding the thread: an interest, a deadline, or a place in the
/// list.
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
    // The hang-up came together with the request, so no other event will tell.
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

  /// Waits until the kernel takes more. A client that takes nothing for the send timeout is cut
  /// off.
  mutating func waitForRoom(_ connection: Connection) throws(SystemError) {
    let timeout = options.server.sendTimeout
    let look = try connection.transport.nextLook(timeout: timeout, at: buffers.now)
    try wait(connection, .writing, until: look)
  }

  /// An edge is reported once, so interest that is not needed costs nothing. A level is reported
  /// again and again, so whatever we do not want to hear now has to be switched off, by one more
  /// system call each time.
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
    let batch = scheduled
    scheduled = []
    for connection in batch {
      connection.isScheduled = false
      // One that has to write continues when the kernel takes more.
      if connection.state == .reading || connection.state == .scheduled { advance(connection) }
    }
  }

  mutating func runTimers(at now: Instant) throws(SystemError) {
    while let (due, token) = timers.removeDue(at: now) {
      if token == acceptor?.token { try acceptor?.reopen(poller) }
      // The connection is gone, or its deadline has moved on.
      guard let connection = connections[token],
        connection.transport.deadline.hasExpired(due, at: now, token, in: &timers)
      else { continue }
      if connection.state == .reading { connection.session.timeOut() }
      advance(connection)  // It pauses no longer, or has to be looked at while it writes.
    }
  }
}
// snippet: end
