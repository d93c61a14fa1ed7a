import Common
import WireProtocols

/// Parses a server's frames (RFC 6455 section 5) from bytes that arrive in any pieces (sans-I/O).
///
///     header ──complete──▶ payload ──last byte──▶ header …
///
/// Payloads are passed on in place, piece by piece, so a message of any length needs no memory. It
/// is a second implementation of the RFC, next to that of `WireProtocols`: a tool that shared its
/// parser with the servers would share their mistakes.
struct FrameReader {
  enum Event {
    /// All bytes are used up.
    case more
    /// The next part of a message: bytes of the input. `isEnd`: the message is complete.
    case message(Range<Int>, isEnd: Bool)
    /// A whole control frame; its payload is in ``control``.
    case control(Opcode)
    /// The server broke the protocol.
    case malformed
  }

  private var header = [10 of UInt8](repeating: 0)
  private var headerCount = 0
  private var isInPayload = false
  /// Bytes of the frame's payload that are still to come.
  private var remaining = 0
  private var opcode = Opcode.continuation
  /// Whether the current message, or the last one, is text or binary, according to its first frame.
  private(set) var messageKind = Opcode.continuation
  private var isFinal = false
  /// Whether it is between the fragments of a message.
  private var isInMessage = false
  private var controlBytes = [125 of UInt8](repeating: 0)
  private var controlCount = 0

  /// The payload of the last control frame.
  var control: [UInt8] { (0..<controlCount).map { controlBytes[$0] } }

  /// Continues to read at `position` and moves it.
  mutating func next(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Event {
    while !isInPayload {
      guard position < bytes.count else { return .more }
      header[headerCount] = bytes[position]
      headerCount += 1
      position += 1
      if headerCount >= 2 && headerCount == headerLength {
        guard beginPayload() else { return .malformed }
      }
    }
    let piece = position..<position + min(remaining, bytes.count - position)
    if piece.isEmpty && remaining > 0 { return .more }
    position = piece.upperBound
    remaining -= piece.count
    isInPayload = remaining > 0
    if opcode.isControl { return takeControl(bytes, piece) }
    return .message(piece, isEnd: isFinal && remaining == 0)
  }

  /// Two bytes, and two or eight of extended length; a server's frames have no mask.
  private var headerLength: Int {
    switch header[1] & 0x7F {
    case 126: 4
    case 127: 10
    default: 2
    }
  }

  /// Handles a complete header. Returns false if no server may send it.
  private mutating func beginPayload() -> Bool {
    // No extension was agreed on, so the reserved bits are zero; masks are for clients (section
    // 5.1).
    guard header[0] & 0x70 == 0, header[1] & 0x80 == 0,
      let opcode = Opcode(rawValue: header[0] & 0x0F), let length = payloadLength
    else { return false }
    self.opcode = opcode
    isFinal = header[0] & 0x80 != 0
    remaining = length
    headerCount = 0
    isInPayload = true
    if opcode.isControl {
      controlCount = 0
      return isFinal && length <= 125
    }
    // Section 5.4: a continuation must follow a fragment, and no other message may start before the
    // last one ends.
    guard (opcode == .continuation) == isInMessage else { return false }
    if opcode != .continuation { messageKind = opcode }
    isInMessage = !isFinal
    return true
  }

  /// `nil` if it is not written in the fewest bytes (section 5.2).
  private var payloadLength: Int? {
    let short = Int(header[1] & 0x7F)
    if short < 126 { return short }
    let length = (2..<headerLength).reduce(UInt64(0)) { $0 << 8 | UInt64(header[$1]) }
    guard length > (short == 126 ? 125 : 0xFFFF) else { return nil }
    return Int(exactly: length)
  }

  private mutating func takeControl(
    _ bytes: UnsafeRawBufferPointer, _ piece: Range<Int>
  ) -> Event {
    for index in piece {
      controlBytes[controlCount] = bytes[index]
      controlCount += 1
    }
    return remaining == 0 ? .control(opcode) : .more
  }
}
