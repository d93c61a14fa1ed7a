/// A frame as it is sent, right or wrong (RFC 6455 section 5.2).
struct WebSocketFrame: Equatable {
  var isFinal = true
  /// RSV1 to RSV3, as the bits 4, 2 and 1.
  var reserved: UInt8 = 0
  var opcode: UInt8
  var payload: [UInt8] = []

  static let continuation: UInt8 = 0x0
  static let text: UInt8 = 0x1
  static let binary: UInt8 = 0x2
  static let close: UInt8 = 0x8
  static let ping: UInt8 = 0x9
  static let pong: UInt8 = 0xA

  static func text(_ text: String, isFinal: Bool = true) -> Self {
    Self(isFinal: isFinal, opcode: Self.text, payload: Array(text.utf8))
  }

  static func close(_ code: UInt16, _ reason: [UInt8] = []) -> Self {
    Self(opcode: close, payload: [UInt8(code >> 8), UInt8(code & 0xff)] + reason)
  }

  /// How the length is written; `shortest` is the only form that section 5.2 allows.
  enum LengthEncoding { case shortest, bits16, bits64 }

  /// The frame's bytes.
  /// - Parameters:
  ///   - declared: a payload length that is not the true one.
  ///   - mask: `nil` for an unmasked frame, which a client must not send (section 5.3).
  func encoded(
    _ encoding: LengthEncoding = .shortest, declaring declared: UInt64? = nil,
    mask: [UInt8]? = [0x37, 0xfa, 0x21, 0x3d]
  ) -> [UInt8] {
    let length = declared ?? UInt64(payload.count)
    let maskBit: UInt8 = mask == nil ? 0 : 0x80
    var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
    func append(_ count: Int) {
      for i in 1...count { bytes.append(UInt8(length >> UInt64(8 * (count - i)) & 0xff)) }
    }
    if encoding == .bits64 || length > 0xffff {
      bytes.append(maskBit | 127)
      append(8)
    } else if encoding == .bits16 || length > 125 {
      bytes.append(maskBit | 126)
      append(2)
    } else {
      bytes.append(maskBit | UInt8(length))
    }
    bytes += mask ?? []
    guard let mask, mask != [0, 0, 0, 0] else { return bytes + payload }
    bytes.reserveCapacity(bytes.count + payload.count)
    for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index & 3]) }
    return bytes
  }
}
