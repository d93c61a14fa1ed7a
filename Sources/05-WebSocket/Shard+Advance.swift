import Common

// snippet: advance
/// Chapter 3's state machine, per client, on the shard's loop.
extension Shard {
  /// Goes as far as possible. Chapter 1's `serve` would wait then; this writes down what it waits
  /// for and returns.
  ///
  /// If a client's socket fails, or the client breaks the protocol or does not read, that ends
  /// here, as an error or as a close frame, and ends that client only: an error cannot leave this
  /// function. A trap, which is a bug of ours, would end the process; Swift cannot catch it, so
  /// input is never trusted to index anything.
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
    switch state {
    case .scheduled: schedule(client)
    // If the hang-up came together with the request, no other event will tell.
    case .pausing, .awaitingReply:
      if client.transport.readiness.contains(.isHungUp) { close(client) }
    case .reading, .writing, .closed: break
    }
  }

  /// Waits until the kernel takes more. A client that takes nothing for the send timeout is cut
  /// off.
  private func waitForRoom(_ client: Connection) throws(SystemError) {
    let timeout = options.server.sendTimeout
    let look = try client.transport.nextLook(timeout: timeout, at: loop.buffers.now)
    wait(client, .writing, until: look)
  }

  /// Heartbeats and deadlines cost the same however many clients and messages there are: an entry
  /// of the heap per client.
  func handleTimer(_ token: Token, deadline due: Instant) {
    if token == acceptor?.token {
      orExit { () throws(SystemError) in try acceptor?.reopen(loop.poller) }
    }
    // The client is gone, or its deadline has moved on.
    guard let client = clients[token],
      client.transport.deadline.hasExpired(due, at: loop.buffers.now, token, in: &loop.timers)
    else { return }
    if client.state == .reading { client.session.timeOut() }
    advance(client)  // It pauses no longer, or has to be looked at while it writes.
  }

  /// At the end of the iteration, once for everything that others have put into its queue.
  func schedule(_ client: Connection) {
    if client.isScheduled { return }
    client.isScheduled = true
    scheduled.append(client)
  }

  func runScheduled() {
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

  /// Only writes: the client waits for something else.
  func flush(_ client: Connection) {
    do { _ = try client.transport.flush() } catch { close(client, because: service.reason(error)) }
  }
}
// snippet: end
