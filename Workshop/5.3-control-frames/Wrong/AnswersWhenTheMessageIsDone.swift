// expect: got no answer before the message was complete
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
  private var isInMessage = false
  private var pongs: [Frame] = []

  mutating func receive(_ frame: Frame) -> [Frame] {
    if isClosed { return [] }
    // Control frames are not part of a message (RFC 6455 section 5.5).
    switch frame.opcode {
    case .ping:
      let pong = Frame(opcode: .pong, payload: frame.payload)
      if !isInMessage { return [pong] }
      pongs.append(pong)
      return []
    case .pong: return []
    case .close:
      isClosed = true
      return [Frame(opcode: .close, payload: Array(frame.payload.prefix(2)))]
    case .continuation: message += frame.payload
    case .text, .binary: (kind, message) = (frame.opcode, frame.payload)
    }
    isInMessage = !frame.isFinal
    if isInMessage { return [] }
    defer { pongs = [] }
    return [Frame(opcode: kind, payload: message)] + pongs
  }
}
