// expect: nothing here may be static or global
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
  nonisolated(unsafe) private static var message: [UInt8] = []
  private var kind = Opcode.text
  private var isClosed = false

  mutating func receive(_ frame: Frame) -> [Frame] {
    if isClosed { return [] }
    switch frame.opcode {
    case .ping: return [Frame(opcode: .pong, payload: frame.payload)]
    case .pong: return []
    case .close:
      isClosed = true
      return [Frame(opcode: .close, payload: Array(frame.payload.prefix(2)))]
    case .continuation: Self.message += frame.payload
    case .text, .binary:
      kind = frame.opcode
      Self.message += frame.payload
    }
    if !frame.isFinal { return [] }
    defer { Self.message = [] }
    return [Frame(opcode: kind, payload: Self.message)]
  }
}
