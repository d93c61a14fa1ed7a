// snippet: reader
/// A reader that puts a client's messages together from their frames (RFC 6455 sections 5 and 6),
/// however the bytes arrive.
///
/// **Theory of operation.** The payload of each frame is unmasked in the input and moved up to the
/// fragments before it, so a message in one frame is never copied. Everything is checked as early
/// as possible: sizes when the header has arrived, text byte by byte. There are three outcomes: an
/// event, `nil` if more bytes are needed, or the close code that ends the connection.
public struct MessageReader: Sendable {
  /// A message, or a control frame between its fragments.
  public enum Event: Equatable {
    /// A whole message; its bytes are the input's `message` until the next call.
    case message(Opcode)
    /// A control frame; the range of the input is its payload until the next call.
    case control(Opcode, Range<Int>)
  }

  /// The kind of the current message.
  private var kind: Opcode?
  private var isComplete = false
  private var isLastFrame = false
  private var validator = UTF8Validator()
  /// The masking key, rotated so that its lowest byte is for the next payload byte.
  private var mask: UInt32 = 0
  /// Payload bytes of the current frame that are still to come: at most `maxMessage`, which is below
  /// 4 GiB.
  private var remaining: UInt32 = 0

  public init() {}

  /// Reads up to the next message or control frame; returns `nil` if more bytes are needed.
  /// - Throws: ``CloseCode``, the reason why the connection has to end.
  public mutating func next(_ input: inout InputBuffer, maxMessage: Int) throws(CloseCode) -> Event?
  {
    if isComplete { forgetMessage(&input) }
    while true {
      if remaining == 0 {
        guard let (header, length) = try Self.parseHeader(&input) else { return nil }
        if header.opcode.isControl { return Self.takeControl(header, length, &input) }
        try begin(header, messageSoFar: input.message.count, maxMessage: maxMessage)
        input.skip(length)
      }
      guard try takePayload(&input) else { return nil }
      if isLastFrame, let kind {
        // Section 8.1: text ends with a whole character.
        guard kind != .text || validator.isComplete else { throw .invalidPayload }
        isComplete = true
        return .message(kind)
      }
    }
  }

  private mutating func forgetMessage(_ input: inout InputBuffer) {
    input.dropMessage()
    self = MessageReader()
  }

  private static func parseHeader(
    _ input: inout InputBuffer
  ) throws(CloseCode) -> (FrameHeader, Int)? {
    // `withUnread` cannot pass a typed error on, so the closure returns a result.
    let result = input.withUnread(min(input.unreadCount, FrameHeader.maxLength)) { bytes in
      Result { () throws(CloseCode) in try FrameHeader.parse(UnsafeRawBufferPointer(bytes)) }
    }
    return try result.get()
  }

  /// Takes a control frame when all of it has arrived; it is short (section 5.5).
  private static func takeControl(
    _ header: FrameHeader, _ headerLength: Int, _ input: inout InputBuffer
  ) -> Event? {
    guard input.unreadCount >= headerLength + header.payloadLength else { return nil }
    input.skip(headerLength)
    var mask = header.mask
    let payload = input.unread.prefix(header.payloadLength)
    input.withUnread(payload.count) { unmask($0, with: &mask) }
    input.skip(payload.count)
    return .control(header.opcode, payload)
  }

  /// Begins a frame. A message is one frame, or a first one and continuations (section 5.4).
  private mutating func begin(
    _ header: FrameHeader, messageSoFar: Int, maxMessage: Int
  ) throws(CloseCode) {
    let isContinuation = header.opcode == .continuation
    guard isContinuation == (kind != nil) else { throw .protocolError }
    if !isContinuation { kind = header.opcode }
    guard header.payloadLength <= maxMessage - messageSoFar else { throw .messageTooBig }
    (isLastFrame, mask, remaining) = (header.isFinal, header.mask, UInt32(header.payloadLength))
  }

  /// Takes what has arrived of the frame's payload; returns true when that was all of it.
  private mutating func takePayload(_ input: inout InputBuffer) throws(CloseCode) -> Bool {
    let count = min(Int(remaining), input.unreadCount)
    if count > 0 {
      let isText = kind == .text
      let isValid = input.withUnread(count) { bytes in
        unmask(bytes, with: &mask)
        return !isText || validator.validate(UnsafeRawBufferPointer(bytes))
      }
      guard isValid else { throw .invalidPayload }
      input.moveToMessage(count)
      remaining -= UInt32(count)
    }
    return remaining == 0
  }
}

/// XORs the bytes with the four bytes of the mask, over and over, eight bytes at a time (RFC 6455
/// section 5.3). Leaves `mask` rotated so that its lowest byte is for the next byte of the payload.
public func unmask(_ bytes: UnsafeMutableRawBufferPointer, with mask: inout UInt32) {
  let mask64 = UInt64(mask) << 32 | UInt64(mask)
  var index = 0
  while index + 8 <= bytes.count {  // In bounds: eight bytes starting at index.
    let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    bytes.storeBytes(of: word ^ mask64, toByteOffset: index, as: UInt64.self)
    index += 8
  }
  while index < bytes.count {
    bytes[index] ^= UInt8(truncatingIfNeeded: mask)
    mask = mask >> 8 | mask << 24
    index += 1
  }
}
// snippet: end
