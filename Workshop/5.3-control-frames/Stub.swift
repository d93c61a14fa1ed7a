import Kit

enum Opcode {
  case text, binary, continuation
  case ping, pong, close
}

/// A frame whose header and mask have already been decoded, as in 5.2.
struct Frame: Equatable {
  var opcode: Opcode
  var payload: [UInt8]
  /// Whether this is the last frame of its message.
  var isFinal = true
}

/// The server's state for one client whose messages it echoes.
struct EchoSession {
  /// The unfinished message: the fragments so far, and its kind.
  private var message: [UInt8] = []
  private var kind = Opcode.text

  /// Handles the client's next frame.
  /// - Returns: the frames to send at once, in this order; often none.
  ///
  /// Requirements:
  /// - A message is echoed in one frame of its kind when its last fragment has arrived.
  /// - A ping is answered at once by a pong with the same payload, even in the middle of a message.
  ///   A pong needs no answer.
  /// - A close is answered by a close with the same code: the first two bytes of its payload, if
  ///   there are any. The text that may follow, the client's reason, is not sent back.
  /// - After that, nothing is sent, whatever the client sends.
  mutating func receive(_ frame: Frame) -> [Frame] {
    if frame.opcode != .continuation { kind = frame.opcode }
    message += frame.payload
    if !frame.isFinal { return [] }
    defer { message = [] }
    switch kind {
    case .ping: return [Frame(opcode: .pong, payload: message)]
    case .close: return [Frame(opcode: .close, payload: [])]
    case .pong: return []
    default: return [Frame(opcode: kind, payload: message)]
    }
  }
}
