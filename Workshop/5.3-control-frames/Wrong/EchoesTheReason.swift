// expect: the client's reason was sent back
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
  private var isClosed = false

  /// Handles the client's next frame.
  /// - Returns: the frames to send at once, in this order; often none.
  mutating func receive(_ frame: Frame) -> [Frame] {
    if isClosed { return [] }
    // Control frames are not part of a message (RFC 6455 section 5.5).
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
