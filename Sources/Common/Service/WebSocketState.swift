/// What a session keeps once it has become a WebSocket. A class of its own, so that a plain HTTP
/// connection does not carry it.
final class WebSocketState {
  enum Kind { case echo, chat }

  let kind: Kind
  // One access at a time: the session's, which owns this. The compiler cannot see that, and would check each at run time.
  @exclusivity(unchecked) var reader = MessageReader()
  /// The number the registry gave to a client of `/ws`.
  var clientID: ClientID?
  /// A ping went out and nothing has come back yet.
  var awaitsPong = false
  /// Our close frame went out; the peer's is still to come (RFC 6455 section 7.1.2).
  var isClosing = false
  /// What came in and what went out, apart from control frames.
  @exclusivity(unchecked) var messagesIn: UInt32 = 0
  @exclusivity(unchecked) var messagesOut: UInt32 = 0
  /// What the client has subscribed to; `nil` costs less than an empty set.
  var topics: Set<String>?

  init(_ kind: Kind) { self.kind = kind }
}
