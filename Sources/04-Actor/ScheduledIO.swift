import Common

// snippet: entry
/// A client's socket, and the task that waits for it.
struct ScheduledIO: ~Copyable, Registered {
  var transport: Transport
  /// The event that the task waits for.
  var interest = Reactor.Interest.reading
  /// Whether this is a client of `/ws`, which gets the frames of others.
  var takesFrames = false
  /// The wait is to end for good: the server ends, or the client does not read.
  var isCancelled = false
  var continuation: UnsafeContinuation<Reactor.WakeReason, Never>?
  var token: Token { transport.token }

  init(_ socket: consuming Socket, _ token: Token) { transport = Transport(socket, token) }

  /// Why the wait is over, if it is.
  var wakeReason: Reactor.WakeReason? {
    let readiness = transport.readiness
    return switch interest {
    case _ where isCancelled: .cancelled
    case .reading: readiness.contains(.mayRead) ? .ready : nil
    case .writing: readiness.contains(.mayWrite) ? .ready : nil
    // A hang-up may have come together with the request; then no other event will tell.
    case .sleeping: readiness.contains(.isHungUp) ? .cancelled : nil
    }
  }

  mutating func wakeIfDue() {
    if continuation != nil, let reason = wakeReason { wake(reason) }
  }

  /// The continuation is taken out: this happens once.
  mutating func wake(_ reason: Reactor.WakeReason) {
    continuation.take()?.resume(returning: reason)
  }

  mutating func cancel() {
    (isCancelled, takesFrames) = (true, false)
    wake(.cancelled)
  }
}
// snippet: end
