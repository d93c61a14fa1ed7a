// expect: the client's reason comes back to it
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
  private var isClosed = false

  /// Takes the client's next frame.
  /// - Returns: what is to be sent, at once and in this order; often nothing.
  mutating func receive(_ frame: Frame) -> [Frame] {
    if isClosed { return [] }
    // Control frames are no part of a message (RFC 6455 section 5.5).
    switch frame.opcode {
    case .ping: return [Frame(opcode: .pong, payload: frame.payload)]
    case .pong: return []
    case .close:
      isClosed = true
      return [Frame(opcode: .close, payload: frame.payload)]
    case .continuation: message += frame.payload
    case .text, .binary: (kind, message) = (frame.opcode, frame.payload)
    }
    return frame.isFinal ? [Frame(opcode: kind, payload: message)] : []
  }
}
