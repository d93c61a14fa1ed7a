// snippet: acceptor
/// A listener that an event loop watches. If no client can be let in, it looks away for a moment:
/// clients stay in the backlog, and the loop does not spin.
public struct Acceptor: ~Copyable, Sendable {
  /// How many clients a loop lets in before it serves the others again. An arrival costs as much as
  /// some requests, and thousands may arrive at once.
  public static let batch = 16
  /// How long it looks away.
  public static let pause = Duration.milliseconds(50)

  /// Generation 0: no client has it.
  public let token: Token
  private let listener: Listener

  /// - Throws: ``SystemError`` if the poller cannot watch the listener, so no client would ever be
  ///   let in.
  public init(_ listener: consuming Listener, _ poller: borrowing Poller) throws(SystemError) {
    token = Token(index: UInt32(listener.descriptor.number), generation: 0)
    try poller.register(
      listener.descriptor.number, token: token, interest: .readable, trigger: .level)
    self.listener = listener
  }

  /// ``Listener/announce(_:)``
  public func announce(_ name: String) { listener.announce(name) }

  /// Returns the next client; `nil` if none is there, or if none can be let in now (`EMFILE`). Then
  /// an entry of `timers` says when to ``reopen(_:)``.
  /// - Throws: ``SystemError`` if the listener itself is gone: no client will ever come.
  public func accept(
    _ poller: borrowing Poller, _ timers: inout Timers
  ) throws(SystemError) -> Socket? {
    do {
      return try listener.accept(nonBlocking: true)
    } catch  where !error.endsListener {
      try watch([], poller)
      timers.insert(.now + Self.pause, token)
      return nil
    }
  }

  /// Looks at the listener again.
  /// - Throws: ``SystemError`` as ``init(_:_:)`` does.
  public func reopen(_ poller: borrowing Poller) throws(SystemError) {
    try watch(.readable, poller)
  }

  private func watch(_ interest: Interest, _ poller: borrowing Poller) throws(SystemError) {
    try poller.reregister(
      listener.descriptor.number, token: token, interest: interest, trigger: .level)
  }
}
// snippet: end
