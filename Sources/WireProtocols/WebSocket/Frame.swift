/// The kinds of frames (RFC 6455 section 5.2).
public enum Opcode: UInt8, Sendable {
  case continuation = 0x0
  case text = 0x1
  case binary = 0x2
  case close = 0x8
  case ping = 0x9
  case pong = 0xA

  /// Control frames are short, never fragmented, and may come between the fragments of a message.
  @inlinable
  public var isControl: Bool { rawValue >= 0x8 }
}

// snippet: frame
/// The header of a frame that a client sent.
public struct FrameHeader: Equatable, Sendable {
  /// FIN: whether this is the last frame of its message.
  public var isFinal: Bool
  /// The kind of the frame.
  public var opcode: Opcode
  /// How many bytes of payload follow the header.
  public var payloadLength: Int
  /// The masking key; its first byte is the lowest.
  public var mask: UInt32

  /// Two bytes, up to eight of extended length, four of masking key.
  public static let maxLength = 14

  /// Reads a header at the beginning of `bytes` (RFC 6455 section 5.2); returns `nil` if it is not
  /// complete.
  /// - Throws: ``CloseCode/protocolError``; the connection has to end.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer
  ) throws(CloseCode) -> (header: FrameHeader, length: Int)? {
    guard bytes.count >= 2 else { return nil }
    // The three reserved bits belong to extensions, and we agreed on none.
    guard bytes[0] & 0x70 == 0, let opcode = Opcode(rawValue: bytes[0] & 0x0F) else {
      throw .protocolError
    }
    // Section 5.1: a client masks everything it sends.
    guard bytes[1] & 0x80 != 0 else { throw .protocolError }
    let isFinal = bytes[0] & 0x80 != 0
    let short = Int(bytes[1] & 0x7F)
    // Section 5.5: control frames are short and never fragmented.
    if opcode.isControl && (short > 125 || !isFinal) { throw .protocolError }
    let lengthEnd = short < 126 ? 2 : short == 126 ? 4 : 10
    guard bytes.count >= lengthEnd + 4 else { return nil }
    let length = try payloadLength(bytes, short: short)
    let mask = UInt32(
      littleEndian: bytes.loadUnaligned(fromByteOffset: lengthEnd, as: UInt32.self))
    let header = FrameHeader(
      isFinal: isFinal, opcode: opcode, payloadLength: length, mask: mask)
    return (header, lengthEnd + 4)
  }

  /// Returns the length of the payload. It has to be encoded in as few bytes as possible, and its
  /// highest bit has to be zero.
  private static func payloadLength(
    _ bytes: UnsafeRawBufferPointer, short: Int
  ) throws(CloseCode) -> Int {
    if short < 126 { return short }
    if short == 126 {
      let length = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
      guard length > 125 else { throw .protocolError }
      return length
    }
    let length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
    guard length > 0xFFFF, length <= UInt64(Int64.max) else { throw .protocolError }
    return Int(length)
  }
}
// snippet: end

/// An encoder for the frames that a server sends: final and unmasked (RFC 6455 section 5.1).
public enum FrameEncoder {
  /// A ping without payload.
  public static let ping: [UInt8] = [0x80 | Opcode.ping.rawValue, 0]

  /// Appends a frame with this payload.
  public static func append(
    _ opcode: Opcode, _ payload: Span<UInt8>, to output: inout OutputBuffer
  ) {
    if payload.count < 126 {
      output.append(0x80 | opcode.rawValue, UInt8(payload.count))
    } else {
      let header = header(opcode, payload.count)
      withUnsafeBytes(of: header.bytes) { output.append(.init(rebasing: $0[..<header.count])) }
    }
    output.append(payload)
  }

  /// Appends a Close frame with this code, and without a reason.
  public static func appendClose(_ code: CloseCode, to output: inout OutputBuffer) {
    let code = bigEndianBytes(code.rawValue)
    append(.close, code.span, to: &output)
  }

  /// Returns a text frame, which any number of clients can share.
  /// - Parameter rest: bytes that follow `text` in the same frame.
  public static func text(_ text: String, _ rest: ArraySlice<UInt8> = []) -> [UInt8] {
    let header = header(.text, text.utf8.count + rest.count)
    var frame: [UInt8] = []
    frame.reserveCapacity(header.count + text.utf8.count + rest.count)
    for index in 0..<header.count { frame.append(header.bytes[index]) }
    frame.append(contentsOf: text.utf8)
    frame.append(contentsOf: rest)
    return frame
  }

  /// Returns the header of a frame with `size` bytes of payload: the first `count` of `bytes`.
  @inline(__always)
  private static func header(_ opcode: Opcode, _ size: Int) -> (bytes: [10 of UInt8], count: Int) {
    var bytes = [10 of UInt8](repeating: 0)
    bytes[0] = 0x80 | opcode.rawValue
    bytes[1] = size < 126 ? UInt8(size) : size <= 0xFFFF ? 126 : 127
    let count = size < 126 ? 2 : size <= 0xFFFF ? 4 : 10
    for index in 2..<count {  // Big-endian: the last byte is the lowest.
      bytes[index] = UInt8(truncatingIfNeeded: size >> (8 * (count - 1 - index)))
    }
    return (bytes, count)
  }
}
