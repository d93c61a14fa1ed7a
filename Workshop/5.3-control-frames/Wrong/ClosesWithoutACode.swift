// expect: reports 1005
import Kit

enum Opcode {
  case text, binary, continuation
  case ping, pong, close
}

struct Frame: Equatable {
  var opcode: Opcode
  var payload: [UInt8]
  var isFinal = true
}

struct EchoSession {
  private var message: [UInt8] = []
  private var kind = Opcode.text
  private var isClosed = false

  mutating func receive(_ frame: Frame) -> [Frame] {
    if isClosed { return [] }
    // Control frames are not part of a message (RFC 6455 section 5.5).
    switch frame.opcode {
    case .ping: return [Frame(opcode: .pong, payload: frame.payload)]
    case .pong: return []
    case .close:
      isClosed = true
      return [Frame(opcode: .close, payload: [])]
    case .continuation: message += frame.payload
    case .text, .binary: (kind, message) = (frame.opcode, frame.payload)
    }
    return frame.isFinal ? [Frame(opcode: kind, payload: message)] : []
  }
}
