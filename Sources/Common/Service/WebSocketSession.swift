import WireProtocols

/// The state of a session that speaks WebSocket.
final class WebSocketSession {
  /// The service that the client talks to: `/echo` or `/ws`.
  enum Kind { case echo, chat }

  // The order leaves no gaps: this object is most of what an idle WebSocket costs.
  var connection = WebSocketConnection()
  let kind: Kind
  /// Messages in both directions; control frames do not count.
  var messagesIn: UInt32 = 0
  /// Frames that wait to be written: from the driver, pings, and answers that are held back.
  var frames: [UInt8] = []
  /// The command that the driver carries out before the next message is looked at.
  var command: Command?
  /// The id that the registry assigned to a client of `/ws`; 0 until it has.
  var id: ClientID = 0
  /// The topics the client has subscribed to; `nil` costs less than an empty set.
  var topics: Set<String>?
  var messagesOut: UInt32 = 0
  /// When it got the id, in seconds of the monotonic clock, which last for 136 years.
  var joined: UInt32 = 0

  var clientID: ClientID? { id == 0 ? nil : id }
  var hasWork: Bool { !connection.input.isEmpty || !frames.isEmpty }

  init(_ kind: Kind) {
    self.kind = kind
    if kind == .chat { command = .join }
  }
}
