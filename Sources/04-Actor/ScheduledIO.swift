import Common

// snippet: entry
/// A client's socket, and the task that waits for it.
struct ScheduledIO: ~Copyable, Registered {
  var transport: Transport
  /// The event that the task waits for.
  var interest = Reactor.Interest.reading
  /// Whether frames from other clients may be sent: this is a client of `/ws`, and it is not
  /// closing.
  var takesFrames = false
  /// Whether the task must end: the grace period is over, the client does not read, or a send
  /// failed.
  var isCancelled = false
  var continuation: UnsafeContinuation<Reactor.WakeReason, Never>?
  var token: Token { transport.token }

  init(_ socket: consuming Socket, _ token: Token) { transport = Transport(socket, token) }

  /// The reason to end the wait; `nil` if there is none yet.
  var wakeReason: Reactor.WakeReason? {
    let readiness = transport.readiness
    return switch interest {
    case _ where isCancelled: .cancelled
    case .reading: readiness.contains(.mayRead) ? .ready : nil
    case .writing: readiness.contains(.mayWrite) ? .ready : nil
    // A hang-up that came in the same event as the request is not reported again: look for it now.
    case .sleeping: readiness.contains(.isHungUp) ? .cancelled : nil
    }
  }

  mutating func wakeIfDue() {
    if continuation != nil, let reason = wakeReason { wake(reason) }
  }

  /// Resumes the task. Taking the continuation out makes sure that it is resumed only once:
  /// resuming it twice would be undefined behavior.
  mutating func wake(_ reason: Reactor.WakeReason) {
    continuation.take()?.resume(returning: reason)
  }

  mutating func cancel() {
    (isCancelled, takesFrames) = (true, false)
    wake(.cancelled)
  }
}
// snippet: end
