import Common

// snippet: connection
/// The state of a client between two events: all that a blocked thread would have kept on its
/// stack.
///
///     accepted ──► reading ──────► writing  the kernel took less than it was offered
///                   │ ▲ ▲ └──────────┘      it takes bytes again
///                   │ │ └─────► pausing     the slow backend, until it answers
///                   │ └───────► scheduled   its budget is spent, until this loop iteration ends
///                   ▼
///                 closed                    every state: finished, failed, timed out, hung up
final class Connection: Registered {
  enum State { case reading, writing, pausing, scheduled, closed }

  var transport: Transport
  var session: Session
  var state = State.reading
  /// Whether the connection is in the loop's `scheduled` list.
  var isScheduled = false
  var token: Token { transport.token }

  init(_ socket: consuming Socket, _ token: Token, _ session: consuming Session) {
    transport = Transport(socket, token)
    self.session = session
  }
}
// snippet: end
