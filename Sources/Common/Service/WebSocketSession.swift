import WireProtocols

/// The state of a session that speaks WebSocket.
final class WebSocketSession {
  /// The service that the client talks to: `/echo` or `/ws`.
  enum Kind { case echo, chat }

  var connection = WebSocketConnection()
  let kind: Kind
  /// Frames that wait to be written: from the driver, pings, and answers that are held back.
  var frames: [UInt8] = []
  /// The command that the driver carries out before the next message is looked at.
  var command: Command?
  /// The id that the registry assigned to a client of `/ws`.
  var clientID: ClientID?
  /// The topics the client has subscribed to; `nil` costs less than an empty set.
  var topics: Set<String>?
  /// Messages in both directions; control frames do not count.
  var messagesIn: UInt32 = 0
  var messagesOut: UInt32 = 0

  var hasWork: Bool { !connection.input.isEmpty || !frames.isEmpty }

  init(_ kind: Kind) {
    self.kind = kind
    if kind == .chat { command = .join }
  }
}
