import WireProtocols

/// What a session keeps once it has become a WebSocket.
final class WebSocketState {
  enum Kind { case echo, chat }

  let kind: Kind
  var input = InputBuffer()
  var reader = MessageReader()
  /// Frames that the driver, or a deadline, has put here to be written.
  var frames: [UInt8] = []
  /// What the driver is to do before the next message is looked at.
  var command: Command?
  /// The number the registry gave to a client of `/ws`.
  var clientID: ClientID?
  /// What the client has subscribed to; `nil` costs less than an empty set.
  var topics: Set<String>?
  /// What came in and what went out, apart from control frames.
  var messagesIn: UInt32 = 0
  var messagesOut: UInt32 = 0
  /// A ping went out and nothing has come back yet.
  var awaitsPong = false

  var hasWork: Bool { !input.isEmpty || !frames.isEmpty }

  init(_ kind: Kind) {
    self.kind = kind
    if kind == .chat { command = .join }
  }

  /// The client has been silent: asks whether it is still there (RFC 6455 section 5.5.2), once. False where that is
  /// over.
  func askForSign() -> Bool {
    if awaitsPong { return false }
    awaitsPong = true
    frames.append(contentsOf: FrameEncoder.ping)
    return true
  }
}
