import Common

/// How a connection waits without holding the thread: an interest, a deadline, or a place in the list.
extension EventLoop {
  mutating func wait(
    _ connection: Connection, _ wait: Connection.Wait, until deadline: Instant
  ) throws(SystemError) {
    connection.wait = wait
    connection.deadline = deadline
    if deadline < connection.timer {
      timers.insert(deadline, connection.token)
      connection.timer = deadline
    }
    let wanted = interest(of: wait)
    if connection.interest == wanted { return }
    connection.interest = wanted
    try poller.reregister(
      connection.socket.descriptor.number, token: connection.token, interest: wanted,
      trigger: options.trigger)
  }

  /// An edge is reported once, so interest that is not needed costs nothing. A level is reported again and again, so
  /// whatever we do not want to hear now has to be switched off, by one more system call each time.
  private mutating func interest(of wait: Connection.Wait) -> Interest {
    switch (options.trigger, wait) {
    case (.edge, .writing): [.readable, .writable]
    case (.edge, _), (.level, .reading): .readable
    case (.level, .writing): .writable
    case (.level, .pausing): []
    }
  }

  /// Who takes nothing for the send timeout is given up.
  mutating func writeDeadline(_ connection: Connection) -> Instant {
    connection.wait == .writing
      ? connection.deadline : now.instant + options.server.sendTimeout
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
      if connections[connection.token] != nil { advance(connection) }
    }
  }

  mutating func runTimers() throws(SystemError) {
    while let (deadline, token) = timers.removeDue(at: now.instant) {
      if token == listenerToken { try resumeAccepting() }
      // Nobody there, or another entry of the heap is responsible.
      guard let connection = connections[token], connection.timer == deadline else { continue }
      connection.timer = .distantFuture
      if connection.deadline > now.instant {
        try wait(connection, connection.wait, until: connection.deadline)
      } else {
        expire(connection)
      }
    }
  }

  private mutating func expire(_ connection: Connection) {
    switch connection.wait {
    case .writing: return close(connection)
    case .reading: connection.session.timeOut()
    case .pausing: break  // The backend has answered.
    }
    advance(connection)
  }

  /// The descriptor is closed, and with it leaves the poller, when the last reference goes.
  mutating func close(_ connection: Connection) {
    connections.remove(connection.token)
    if let id = connection.session.clientID { registry[id] = nil }
  }
}
