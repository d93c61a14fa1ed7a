import Kit

enum Opcode {
  case text, binary, continuation
  case ping, pong, close
}

/// A frame, without header and mask: 5.2 has read them.
struct Frame: Equatable {
  var opcode: Opcode
  var payload: [UInt8]
  /// Whether it is the last one of its message.
  var isFinal = true
}

/// What the server knows of a client that has its messages echoed.
struct EchoSession {
  /// The message under way: its fragments so far, and what it is.
  private var message: [UInt8] = []
  private var kind = Opcode.text

  /// Takes the client's next frame.
  /// - Returns: what is to be sent, at once and in this order; often nothing.
  ///
  /// What must hold:
  /// - A message comes back in one frame of its kind, when its last fragment is there.
  /// - A ping is answered at once by a pong with the same payload, also in the middle of a message. A pong needs no answer.
  /// - A close is answered by a close with the same code: the first two bytes of its payload, if there are any. The
  ///   text that may follow, the client's reason, is not sent back.
  /// - Behind that nothing is sent, whatever the client sends.
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
