import Common

/// Chapter 3's state machine, per client, on the shard's loop.
extension Shard {
  /// Goes as far as possible with a client. Chapter 1's `serve` would wait then; this records what
  /// the client waits for and returns.
  ///
  /// An error ends only this client. A trap, however, would end the process, because Swift cannot
  /// catch it. So no number that a client sends is used as an index without a check.
  func advance(_ client: Connection) {
    do throws(SystemError) {
      guard try client.transport.flush() else { return try waitForRoom(client) }
      var budget = Budget()
      // Don't stop between a read and its answers: the answers are in the shared buffers.
      while !budget.isSpent || !loop.buffers.output.isEmpty {
        switch client.session.next(&loop.buffers) {
        case .read(let deadline):
          if let count = try client.transport.receive(into: &loop.buffers, until: deadline) {
            budget.spend(bytes: count)
            client.session.receive(count, &loop.buffers)
          } else if deadline > loop.buffers.now {
            return wait(client, .reading, until: deadline)
          } else {
            client.session.timeOut()
          }
        case .write:
          budget.spend(bytes: loop.buffers.output.count)
          guard try client.transport.send(&loop.buffers.output) else {
            return try waitForRoom(client)
          }
        case .pause(let time): return wait(client, .pausing, until: .now + time)
        case .burn(let time):
          client.pendingReplies += 1
          burnElsewhere(for: time) { [token = client.token] in $0.handleReply(.done, to: token) }
          return wait(client, .awaitingReply)
        case .deliver(let command):
          let before = counts.deliveries
          guard deliver(command, from: client) else { return wait(client, .awaitingReply) }
          budget.spend(deliveries: counts.deliveries - before + 1)
        case .halfClose: client.transport.socket.shutdownWriting()
        case .finish: return close(client)
        }
      }
      wait(client, .scheduled)
    } catch {
      close(client, because: service.reason(error))
    }
  }

  func wait(
    _ client: Connection, _ state: Connection.State, until deadline: Instant = .distantFuture
  ) {
    client.state = state
    client.transport.deadline.set(deadline, client.token, in: &loop.timers)
    if state == .scheduled { schedule(client) }
    // A hang-up that came in the same event as the request is not reported again: look for it now.
    let mayMissHangUp = state == .pausing || state == .awaitingReply
    if mayMissHangUp && client.transport.readiness.contains(.isHungUp) { close(client) }
  }

  /// Waits until the kernel takes more bytes. A client that takes nothing before the send timeout
  /// is over is cut off.
  private func waitForRoom(_ client: Connection) throws(SystemError) {
    let timeout = options.server.sendTimeout
    let look = try client.transport.nextLook(timeout: timeout, at: loop.buffers.now)
    wait(client, .writing, until: look)
  }

  func handleTimer(_ token: Token, deadline due: Instant) {
    if token == acceptor?.token { return acceptClients(isPaused: true) }
    // Skips an entry whose client is gone, or whose deadline was moved.
    guard let client = clients[token],
      client.transport.deadline.hasExpired(due, at: loop.buffers.now, token, in: &loop.timers)
    else { return }
    if client.state == .reading { client.session.timeOut() }
    advance(client)  // Its pause is over, or its send timeout must be checked.
  }

  /// Lets a client continue at the end of this iteration, once for all frames queued for it.
  func schedule(_ client: Connection) {
    if client.isScheduled { return }
    client.isScheduled = true
    scheduled.append(client)
  }

  func runScheduled() {
    if scheduled.isEmpty { return }
    let batch = scheduled
    scheduled = []
    for client in batch {
      client.isScheduled = false
      switch client.state {
      case .reading, .scheduled: advance(client)
      case .pausing, .awaitingReply: flush(client)
      case .writing, .closed: break
      }
    }
  }

  /// Only writes what is queued: the client is waiting for its backend, or for a reply.
  func flush(_ client: Connection) {
    do { _ = try client.transport.flush() } catch { close(client, because: service.reason(error)) }
  }
}
