import Kit

/// A frame without what belongs to the way it is sent: its length and its mask.
struct Frame: Equatable {
  /// Whether it is the last one of its message.
  var isFinal = true
  /// Four bits that say what it carries: 1 is text, 2 is binary.
  var opcode: UInt8
  var payload: [UInt8]
}

/// The client does not keep to the protocol, and the server hangs up.
struct ProtocolError: Error {}

/// Nobody may send a payload of more than 1 MiB.
let maxPayload = 1 << 20

/// The bytes of a frame, as a server sends it: not masked.
///
/// What must hold: the length is in byte 1 up to 125, in two bytes more up to 65,535, in eight bytes more beyond; the most
/// significant byte comes first.
func encode(_ frame: Frame) -> [UInt8] {
  // Yours to write.
  return []
}

/// Takes a client's frame from the front of what has arrived.
/// - Returns: the frame, its payload unmasked, and how many bytes it took; `nil` where it has not arrived as a whole.
///
/// What must hold:
/// - However the bytes are cut, the frames are the same. Behind the first frame there may be the next one.
/// - A frame without a mask is refused: `throw ProtocolError()`.
/// - A length over `maxPayload` is refused as soon as the header is there, whatever number the client writes.
func decode(_ bytes: [UInt8]) throws(ProtocolError) -> (frame: Frame, length: Int)? {
  return nil
}
