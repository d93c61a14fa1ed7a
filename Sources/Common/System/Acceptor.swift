// snippet: acceptor
/// A listener that an event loop watches. If no client can be accepted, the loop ignores the
/// listener for a moment: clients stay in the backlog, and the loop does not spin.
public struct Acceptor: ~Copyable, Sendable {
  /// How many clients a loop accepts before it serves the others again. Accepting one costs as much
  /// as several requests, and thousands may arrive at once.
  public static let batch = 16
  /// How long the listener is ignored.
  public static let pause = Duration.milliseconds(50)

  /// The listener's token, with generation 0, which no client has.
  public let token: Token
  private let listener: Listener

  /// Starts watching the listener.
  /// - Throws: ``SystemError`` if the poller cannot watch it, so no client would ever be accepted.
  public init(_ listener: consuming Listener, _ poller: borrowing Poller) throws(SystemError) {
    token = Token(index: UInt32(listener.descriptor.number), generation: 0)
    try poller.register(
      listener.descriptor.number, token: token, interest: .readable, trigger: .level)
    self.listener = listener
  }

  /// Announces that the server is ready; see ``Listener/announce(_:)``.
  public func announce(_ name: String) { listener.announce(name) }

  /// Accepts the next client. Returns `nil` if none is waiting, or if none can be accepted now
  /// (`EMFILE`): then an entry of `timers` says when to call ``reopen(_:)``.
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

  /// Watches the listener again.
  /// - Throws: ``SystemError``, as ``init(_:_:)`` does.
  public func reopen(_ poller: borrowing Poller) throws(SystemError) {
    try watch(.readable, poller)
  }

  private func watch(_ interest: Interest, _ poller: borrowing Poller) throws(SystemError) {
    try poller.reregister(
      listener.descriptor.number, token: token, interest: interest, trigger: .level)
  }
}
// snippet: end
