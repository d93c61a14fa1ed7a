/// A listener that an event loop watches. Where clients cannot be let in, it looks away for a moment: they stay in the
/// backlog, and nobody spins.
public struct Acceptor: ~Copyable, Sendable {
  /// Generation 0: no client has it.
  public let token: Token
  private let listener: Listener

  public init(_ listener: consuming Listener, _ poller: borrowing Poller) throws(SystemError) {
    token = Token(index: UInt32(listener.descriptor.number), generation: 0)
    try poller.register(
      listener.descriptor.number, token: token, interest: .readable, trigger: .level)
    self.listener = listener
  }

  /// The next client; `nil` where nobody is there, or no descriptor is left (`EMFILE`). Then an entry of `timers` says when to
  /// ``reopen(_:)``.
  public func accept(
    _ poller: borrowing Poller, _ timers: inout Timers
  ) throws(SystemError) -> Socket? {
    do {
      return try listener.accept(nonBlocking: true)
    } catch  where !error.endsListener {
      try watch([], poller)
      timers.insert(.now + .milliseconds(50), token)
      return nil
    }
  }

  public func reopen(_ poller: borrowing Poller) throws(SystemError) {
    try watch(.readable, poller)
  }

  private func watch(_ interest: Interest, _ poller: borrowing Poller) throws(SystemError) {
    try poller.reregister(
      listener.descriptor.number, token: token, interest: interest, trigger: .level)
  }
}
