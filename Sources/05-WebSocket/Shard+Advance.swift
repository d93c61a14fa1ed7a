import Common

/// Chapter 3's state machine, per client, on the shard's loop.
extension Shard {
  /// Reads in a row before others get their turn, however much one client has sent.
  private static let turns = 16

  // snippet: advance
  /// As far as it goes: where chapter 1's `serve` waits, this notes what it waits for and returns.
  ///
  /// What goes wrong with a client (its socket fails, it breaks the protocol, it does not read) ends here, as an error or as
  /// a close frame, and ends that client only: an error cannot leave this function. A trap, which is a bug of ours, would
  /// end the process; Swift cannot catch it, so input is never trusted to index anything.
  func advance(_ client: Connection) {
    do throws(SystemError) {
      var turns = Self.turns
      var mayHoldBack = false
      while client.wait != .closed {
        // Copies of a client's own broadcasts may wait for those of its next one: one `sendmsg` takes them all.
        if !mayHoldBack, try !client.outbox.flush(to: client.socket) {
          return wait(client, .writing, until: loop.buffers.now + options.server.sendTimeout)
        }
        mayHoldBack = false
        switch client.session.next(&loop.buffers) {
        case .read(let deadline):
          guard client.outbox.isEmpty else { continue }
          // Not between a read and its answers, which lie in the buffers that all share.
          if turns == 0 { schedule(client) }
          guard turns > 0, try client.fill(&loop.buffers) else {
            return wait(client, .reading, until: deadline)
          }
          turns -= 1
        case .write: try client.write(&loop.buffers)
        case .pause(let time): return wait(client, .pausing, until: .now + time)
        case .burn(let time):
          burnElsewhere(for: time, then: client)
          return wait(client, .answer)
        case .deliver(let command):
          guard deliver(command, from: client) else { return wait(client, .answer) }
          mayHoldBack = true
        case .halfClose: client.socket.shutdownWriting()
        case .finish: return close(client)
        }
      }
    } catch {
      close(client)
    }
  }
  // snippet: end

  func wait(_ client: Connection, _ wait: Connection.Wait, until deadline: Instant = .distantFuture)
  {
    if client.wait == .closed { return }  // A frame that it sent to itself has failed.
    client.wait = wait
    client.deadline.set(deadline, client.token, in: &loop.timers)
  }

  /// Heartbeats and deadlines cost the same however many clients and messages there are: an entry of the heap per client.
  func handleTimer(_ token: Token, deadline due: Instant) {
    if token == acceptor?.token { try? acceptor?.reopen(loop.poller) }
    // Nobody there, or the deadline has moved on.
    guard let client = clients[token],
      client.deadline.isOver(due, at: loop.buffers.now, token, in: &loop.timers)
    else { return }
    switch client.wait {
    case .writing: return close(client)  // It has taken nothing for the send timeout.
    case .reading: client.session.timeOut()
    case .pausing: break
    case .answer, .closed: return
    }
    advance(client)
  }

  /// At the end of the turn, once for all that others have put into its outbox.
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
      switch client.wait {
      case .reading: advance(client)
      case .pausing, .answer: flush(client)
      case .writing, .closed: break
      }
    }
  }

  /// Only writes: the client waits for something else.
  func flush(_ client: Connection) {
    do { _ = try client.outbox.flush(to: client.socket) } catch { close(client) }
  }

  /// Computing would stop all clients of this loop, so Swift's own threads do it.
  private func burnElsewhere(for time: Duration, then client: Connection) {
    client.pendingReplies += 1
    let token = client.token
    Task {
      await Self.compute(for: time)
      self.answer(.done, to: token)
    }
  }

  @concurrent
  private static func compute(for time: Duration) async { burn(for: time) }
}
