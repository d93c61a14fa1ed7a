import Kit

/// A frame without the details of its encoding: the length and the mask.
struct Frame: Equatable {
  /// Whether this is the last frame of its message.
  var isFinal = true
  /// Four bits that say what the frame carries: 1 is text, 2 is binary.
  var opcode: UInt8
  var payload: [UInt8]
}

/// Thrown when a client violates the protocol. The server then hangs up.
struct ProtocolError: Error {}

/// The largest payload that a client may send, in bytes.
let maxPayload = 1 << 20

/// Encodes a frame the way a server sends it: unmasked.
///
/// Requirements: a length up to 125 is in byte 1, a length up to 65,535 in two extra bytes, and a
/// larger one in eight extra bytes. The most significant byte comes first.
func encode(_ frame: Frame) -> [UInt8] {
  // Yours to write.
  return []
}

/// Decodes the client's frame at the start of the bytes that have arrived.
/// - Returns: the frame with its payload unmasked, and the number of bytes it took; `nil` if the
///   frame is not complete yet.
///
/// Requirements:
/// - The frames are the same no matter how the bytes are split. More frames may follow the first
///   one.
/// - An unmasked frame is refused: `throw ProtocolError()`.
/// - A length over `maxPayload` is refused as soon as the header has arrived, whatever number the
///   client sends.
func decode(_ bytes: [UInt8]) throws(ProtocolError) -> (frame: Frame, length: Int)? {
  return nil
}
