import WireProtocols

/// Returns a frame as a client sends it, with its length in the fewest bytes unless `length` says
/// how many.
public func frame(
  _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true,
  mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
) -> [UInt8] {
  frameHeader(isFinal ? 0x80 | opcode.rawValue : opcode.rawValue, length: payload.count, mask: mask)
    + masked(payload, mask)
}

public func frame(_ opcode: Opcode, _ payload: String, isFinal: Bool = true) -> [UInt8] {
  frame(opcode, bytes(payload), isFinal: isFinal)
}

public func closeFrame(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
  frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
}

/// Returns a masked header; `form` is the 7-bit length field, derived from the length unless it is
/// given.
public func frameHeader(
  _ first: UInt8, length: Int, form: UInt8? = nil, mask: [UInt8] = [0, 0, 0, 0]
) -> [UInt8] {
  let form = form ?? (length < 126 ? UInt8(length) : length <= 0xFFFF ? 126 : 127)
  let width = form == 127 ? 8 : form == 126 ? 2 : 0
  let extended = (0..<width).reversed().map { UInt8(UInt64(length) >> (8 * UInt64($0)) & 0xFF) }
  return [first, 0x80 | form] + extended + mask
}

/// The algorithm of RFC 6455 section 5.3, word for word.
public func masked(_ payload: [UInt8], _ mask: [UInt8]) -> [UInt8] {
  payload.enumerated().map { $1 ^ mask[$0 % 4] }
}
