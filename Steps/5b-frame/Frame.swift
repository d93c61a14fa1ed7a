/// A frame: RFC 6455, section 5.2.
struct Frame {
  enum Opcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA
  }

  let isFinal: Bool
  let opcode: Opcode
  let payload: [UInt8]

  /// Takes the first frame out of the input. Returns `nil` if it has not arrived completely.
  static func take(from input: inout [UInt8]) throws(CloseCode) -> Frame? {
    guard input.count >= 2 else { return nil }
    // The three reserved bits belong to extensions, and this server offers none.
    guard input[0] & 0x70 == 0, let opcode = Opcode(rawValue: input[0] & 0x0F) else {
      throw .protocolError
    }
    guard input[1] & 0x80 != 0 else { throw .protocolError }  // Section 5.1: a client must mask.
    let short = Int(input[1] & 0x7F)
    let maskStart = short < 126 ? 2 : short == 126 ? 4 : 10
    guard input.count >= maskStart + 4 else { return nil }
    // Big-endian, after the first two bytes. A number that would be negative is far too large.
    let length = short < 126 ? short : input[2..<maskStart].reduce(0) { $0 << 8 | Int($1) }
    guard length >= 0 && length <= maxMessage else { throw .messageTooBig }
    let start = maskStart + 4
    guard input.count >= start + length else { return nil }
    let mask = Array(input[maskStart..<start])
    let payload = input[start..<start + length].enumerated().map {
      $0.element ^ mask[$0.offset % 4]
    }
    defer { input.removeFirst(start + length) }
    return Frame(isFinal: input[0] & 0x80 != 0, opcode: opcode, payload: payload)
  }

  static let maxMessage = 1 << 20

  /// Encodes a final frame without a mask: a server sends no others.
  static func encode(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> [UInt8] {
    let count = payload.count
    var bytes = [0x80 | opcode.rawValue]
    let size = count < 126 ? 0 : count <= 0xFFFF ? 2 : 8
    bytes.append(size == 0 ? UInt8(count) : size == 2 ? 126 : 127)
    for shift in (0..<size).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: count >> (8 * shift)))
    }
    return bytes + payload
  }
}

/// The reason for closing a WebSocket: RFC 6455, section 7.4.1.
enum CloseCode: UInt16, Error {
  case protocolError = 1002
  case messageTooBig = 1009
}
