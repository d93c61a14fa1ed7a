// expect: as if it were a ping
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
    if frame.opcode != .continuation { kind = frame.opcode }
    let isMessage = kind == .text || kind == .binary || frame.opcode == .continuation
    if isMessage { message += frame.payload }
    if !frame.isFinal { return [] }
    defer { if isMessage { message = [] } }
    switch kind {
    case .ping: return [Frame(opcode: .pong, payload: isMessage ? message : frame.payload)]
    case .close: return [Frame(opcode: .close, payload: frame.payload)]
    case .pong: return []
    default: return [Frame(opcode: kind, payload: message)]
    }
  }
}
