import Common

// snippet: reactor
/// The waiting tasks of a loop, with an entry for each socket. A task suspends on its entry, and
/// exactly one event, deadline, or message resumes it.
final class Reactor: @unchecked Sendable {
  // Unchecked: only the loop's thread touches it.
  enum Interest { case reading, writing, sleeping }

  enum WakeReason {
    /// The socket is readable or writable, whichever the task waits for; or the task has something
    /// else to check.
    case ready
    case timedOut
    /// The task must end: the server is stopping, or the client is gone.
    case cancelled
  }

  private let loop: EventLoopExecutor
  private let service: HelloService
  private let outbox: Int
  let entries = Slab<ScheduledIO>()

  init(_ loop: EventLoopExecutor, _ service: HelloService, outbox: Int) {
    (self.loop, self.service, self.outbox) = (loop, service, outbox)
  }

  /// Adds an entry for a socket.
  /// - Throws: ``SystemError`` if the kernel cannot watch the socket, which is then closed.
  func add(_ socket: consuming Socket) throws(SystemError) -> Token {
    let number = socket.descriptor.number
    let token = entries.makeToken(for: number)
    entries.insert(ScheduledIO(socket, token))
    do throws(SystemError) {
      // Both interests, once and for all: with an edge trigger, unneeded interest costs nothing.
      try loop.poller.register(number, token: token, interest: [.readable, .writable])
    } catch {
      remove(token, because: service.reason(error))
      throw error
    }
    return token
  }

  /// Removes an entry and closes its socket.
  /// - Parameter reason: for the log; `nil` unless the client is disconnected against its will.
  func remove(_ token: Token, because reason: String? = nil) {
    if let reason { service.log(entries[owned: token].transport.socket, reason) }
    entries.remove(token)
  }

  /// Suspends the task that owns this entry, unless the event that it waits for came earlier:
  /// readiness is remembered, so no event is lost.
  @inline(__always)
  func wait(_ token: Token, for interest: Interest, until deadline: Instant) async -> WakeReason {
    if let reason = prepare(token, interest, deadline) { return reason }
    return await withUnsafeContinuation { entries[owned: token].continuation = $0 }
  }

  private func prepare(_ token: Token, _ interest: Interest, _ deadline: Instant) -> WakeReason? {
    entries[owned: token].interest = interest
    if let reason = entries[owned: token].wakeReason { return reason }
    if deadline <= loop.buffers.now { return interest == .reading ? .ready : .timedOut }
    entries[owned: token].transport.deadline.set(deadline, token, in: &loop.timers)
    return nil
  }
}

/// Frames from other clients. They are sent without the receiver's task, which is resumed only if
/// it has to wait for room.
extension Reactor {
  func broadcast(_ frame: [UInt8], except sender: Token?) {
    entries.updateAll { if $0.takesFrames && $0.token != sender { send(frame, to: &$0) } }
  }

  func send(_ frame: [UInt8], to token: Token) {
    entries.update(token) { if $0.takesFrames { send(frame, to: &$0) } }
  }

  /// Sends a frame, at once if nothing is queued for the client. A client that does not read is cut
  /// off when more than `--outbox` bytes wait for it.
  private func send(_ frame: [UInt8], to entry: inout ScheduledIO) {
    do throws(SystemError) {
      try entry.transport.send(frame)
      if entry.transport.isEmpty { return }
      if try entry.transport.hasOverflowed(outbox) {
        service.log(entry.transport.socket, "it does not read: more than \(outbox) bytes wait")
        entry.cancel()
      } else if entry.interest == .reading {
        entry.wake(.ready)  // It has to flush first.
      }
    } catch { entry.cancel() }
  }
}

/// Handlers for the loop's events.
extension Reactor {
  func handle(_ event: Event) {
    entries.update(event.token) { entry in
      entry.transport.readiness.update(with: event)
      entry.wakeIfDue()
    }
  }

  func handleTimer(_ token: Token, deadline due: Instant) {
    // The grace period is over.
    if token == .loop { entries.updateAll { $0.cancel() } }
    entries.update(token) { entry in
      if entry.transport.deadline.hasExpired(due, at: loop.buffers.now, token, in: &loop.timers) {
        entry.wake(.timedOut)
      }
    }
  }

  /// Ends a pause before its deadline.
  func wake(_ token: Token) { entries.update(token) { $0.wake(.timedOut) } }

  /// Wakes the tasks that wait to read, so that they see that the server is stopping.
  func handleStop() {
    entries.updateAll { if $0.interest == .reading { $0.wake(.ready) } }
    loop.timers.insert(loop.buffers.now + service.options.grace, .loop)
  }
}
// snippet: end
