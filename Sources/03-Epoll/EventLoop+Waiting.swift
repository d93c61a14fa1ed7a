import Common

/// How a connection waits without holding the thread: an interest, a deadline, or a place in the list.
extension EventLoop {
  mutating func wait(
    _ connection: Connection, _ wait: Connection.Wait, until deadline: Instant
  ) throws(SystemError) {
    let before = connection.wait
    connection.wait = wait
    connection.deadline.set(deadline, connection.token, in: &timers)
    let wanted = interest(of: wait)
    if before == wait || interest(of: before) == wanted { return }
    try poller.reregister(
      connection.socket.descriptor.number, token: connection.token, interest: wanted,
      trigger: options.trigger)
  }

  // snippet: interest
  /// An edge is reported once, so interest that is not needed costs nothing. A level is reported again and again, so
  /// whatever we do not want to hear now has to be switched off, by one more system call each time.
  private func interest(of wait: Connection.Wait) -> Interest {
    switch (options.trigger, wait) {
    case (.edge, .writing): [.readable, .writable]
    case (.edge, _), (.level, .reading): .readable
    case (.level, .writing): .writable
    case (.level, .pausing): []
    }
  }
  // snippet: end

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
      // One that has to write goes on when the kernel takes more.
      if connection.wait == .reading, connections[connection.token] != nil { advance(connection) }
    }
  }

  mutating func runTimers(at now: Instant) throws(SystemError) {
    while let (due, token) = timers.removeDue(at: now) {
      if token == acceptor?.token { try acceptor?.reopen(poller) }
      // Nobody there, or the deadline has moved on.
      guard let connection = connections[token],
        connection.deadline.isOver(due, at: now, token, in: &timers)
      else { continue }
      switch connection.wait {
      case .writing: close(connection)  // It has taken nothing for the send timeout.
      case .reading:
        connection.session.timeOut()
        advance(connection)
      case .pausing: advance(connection)  // The backend has answered.
      }
    }
  }
}
