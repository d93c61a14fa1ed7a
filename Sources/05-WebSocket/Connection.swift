import Common

// snippet: connection
/// A client between two events. No task, no lock, no buffer: what an idle client costs is this
/// object.
///
///     adopted ──► reading ──────► writing     the kernel took less than it was offered
///                  │ ▲ ▲ └──────────┘         it takes bytes again
///                  │ │ ├─────► pausing        the slow backend, until it answers
///                  │ │ ├─────► awaitingReply  other shards or a thread, until all have replied
///                  │ │ └─────► scheduled      its budget is spent, until this loop iteration ends
///                  ▼
///                closed                       every state: finished, failed, timed out, hung up
final class Connection: Registered, @unchecked Sendable {
  // Unchecked: it belongs to its shard, and only the shard's loop touches it. Others know it by its
  // `ConnectionRef`.
  enum State { case reading, writing, pausing, awaitingReply, scheduled, closed }

  var transport: Transport
  var state = State.reading
  /// Whether it is in the shard's list of those that continue without an event.
  var isScheduled = false
  /// How many replies it awaits.
  var pendingReplies: UInt8 = 0
  var session: Session
  /// Frames from others, and the iteration of the loop in which the last one was sent.
  var delivered: UInt32 = 0
  var lastIteration: UInt32 = 0
  let connected: Instant
  var token: Token { transport.token }

  init(_ socket: consuming Socket, _ token: Token, _ session: consuming Session, at now: Instant) {
    transport = Transport(socket, token)
    self.session = session
    connected = now
  }
}
// snippet: end
