import Common

/// The state of a client between two events. It has no task, no lock and no buffer: this object is
/// all that an idle client costs.
///
///     adopted ──► reading ──────► writing     the kernel took less than it was offered
///                  │ ▲ ▲ └──────────┘         it takes bytes again
///                  │ │ ├─────► pausing        the slow backend, until it answers
///                  │ │ ├─────► awaitingReply  other shards or a thread, until all have replied
///                  │ │ └─────► scheduled      its budget is spent, until this loop iteration ends
///                  ▼
///                closed                       every state: finished, failed, timed out, hung up
final class Connection: Registered, @unchecked Sendable {
  // Unchecked: only the loop of its shard touches it. Others refer to it by a `ConnectionRef`.
  enum State { case reading, writing, pausing, awaitingReply, scheduled, closed }

  var transport: Transport
  var state = State.reading
  /// Whether the client is in the shard's `scheduled` list.
  var isScheduled = false
  /// How many replies the client is waiting for.
  var pendingReplies: UInt8 = 0
  var session: Session
  /// The last iteration in which it got a frame from another client, modulo 65,536.
  var lastIteration: UInt16 = 0
  var token: Token { transport.token }

  init(_ socket: consuming Socket, _ token: Token, _ session: consuming Session) {
    transport = Transport(socket, token)
    self.session = session
  }
}
