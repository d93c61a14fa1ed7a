// expect: only part of an eight-byte length was read
import Kit

struct Frame: Equatable {
  var isFinal = true
  var opcode: UInt8
  var payload: [UInt8]
}

struct ProtocolError: Error {}

let maxPayload = 1 << 20

func encode(_ frame: Frame) -> [UInt8] {
  let count = frame.payload.count
  var bytes = [(frame.isFinal ? 0x80 : 0) | frame.opcode]
  switch count {
  case ...125: bytes.append(UInt8(count))
  case ...0xFFFF: bytes += [126] + networkOrder(count, width: 2)
  default: bytes += [127] + networkOrder(count, width: 8)
  }
  return bytes + frame.payload
}

private func networkOrder(_ number: Int, width: Int) -> [UInt8] {
  (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

func decode(_ bytes: [UInt8]) throws(ProtocolError) -> (frame: Frame, length: Int)? {
  guard bytes.count >= 2 else { return nil }
  guard bytes[1] & 0x80 != 0 else { throw ProtocolError() }
  let short = bytes[1] & 0x7F
  let maskStart = short < 126 ? 2 : short == 126 ? 4 : 10
  let start = maskStart + 4
  guard bytes.count >= start else { return nil }
  var count = UInt64(short)
  if short >= 126 {
    count = bytes[max(2, maskStart - 4)..<maskStart].reduce(0) { $0 << 8 | UInt64($1) }
  }
  guard count <= maxPayload else { throw ProtocolError() }
  let end = start + Int(count)
  guard bytes.count >= end else { return nil }
  let payload = (start..<end).map { bytes[$0] ^ bytes[maskStart + ($0 - start) % 4] }
  return (Frame(isFinal: bytes[0] & 0x80 != 0, opcode: bytes[0] & 0x0F, payload: payload), end)
}
