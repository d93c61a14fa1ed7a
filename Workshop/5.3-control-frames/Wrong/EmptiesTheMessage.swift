// expect: The ping erased the unfinished message
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

  mutating func receive(_ frame: Frame) -> [Frame] {
    if frame.opcode == .ping {
      message = []
      return [Frame(opcode: .pong, payload: frame.payload)]
    }
    if frame.opcode != .continuation { kind = frame.opcode }
    message += frame.payload
    if !frame.isFinal { return [] }
    defer { message = [] }
    switch kind {
    case .close: return [Frame(opcode: .close, payload: message)]
    case .pong: return []
    default: return [Frame(opcode: kind, payload: message)]
    }
  }
}
