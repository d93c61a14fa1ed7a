import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("encode: a short frame") { shortFrame() },
    Part("encode: lengths of 125, 126, 65,535 and 65,536") { encodedLengths() },
    Part("decode: the masked frame that RFC 6455 has as its example") { sample() },
    Part("decode: lengths of 0, 125, 126, 65,535 and 65,536") { decodedLengths() },
    Part("decode: a frame that has not arrived as a whole") { everySplit() },
    Part("decode: two frames, one behind the other") { together() },
    Part("decode: a frame without a mask is refused") { unmasked() },
    Part("decode: a length that nobody may send is refused") { tooLong() },
  ]

  static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  static let hello = Frame(opcode: 1, payload: Array("Hello".utf8))
  static let half = Frame(isFinal: false, opcode: 2, payload: [0, 1, 2, 255])

  static func shortFrame() {
    expect(
      encode(hello), equals: [0x81, 5] + hello.payload,
      "a frame with the text Hello is not encoded as it should be",
      "First bit 7 for the last frame of its message, and the opcode; then the length; then the payload."
    )
    expect(
      encode(half), equals: [0x02, 4] + half.payload,
      "the first half of a message is not encoded as it should be",
      "More of the message follows, so bit 7 of byte 0 is not set.")
  }

  static func encodedLengths() {
    explain(
      crash: "A UInt8 ends at 255, and UInt8(number) ends the program where the number is larger. "
        + "UInt8(truncatingIfNeeded: number) takes its last eight bits."
    ) { compareLengths() }
  }

  static func compareLengths() {
    let headers: [(Int, [UInt8])] = [
      (125, [125]), (126, [126, 0, 126]), (65_535, [126, 0xFF, 0xFF]),
      (65_536, [127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ]
    for (count, length) in headers {
      let bytes = encode(Frame(opcode: 2, payload: Array(repeating: 120, count: count)))
      let expected = [0x82] + length
      let header = Array(bytes.prefix(expected.count))
      let title = "the header of a frame with \(count) bytes is not what it should be"
      expect(
        count != 126 || !header.starts(with: [0x82, 126, 120]), title,
        "126 is no length. It announces that the length is in the next two bytes, and the client takes the payload for it."
      )
      expect(
        header != [0x82, length[0]] + length.dropFirst().reversed() || header == expected, title,
        "Network byte order: the most significant byte comes first. Numbers in memory are the other way round."
      )
      expect(
        hex(header), equals: hex(expected), title,
        "Up to 125 the length is in byte 1. Up to 65,535 there is 126, and then two bytes; beyond, 127 and then eight."
      )
      expect(
        bytes.count == expected.count + count, "behind the header is not the payload",
        "The payload follows as it is: a server does not mask.")
    }
  }

  static func sample() {
    explain(
      crash:
        "The frame is here as a whole, so look at the indices. A slice of an array keeps those of the array: bytes[6...] begins "
        + "at 6, Array(bytes[6...]) at 0."
    ) { decodeSample() }
  }

  static func decodeSample() {
    let (frame, length) = decoded(masked(hello), "a masked frame with the text Hello")
    let shifted = (0..<5).map { hello.payload[$0] ^ mask[$0 % 4] ^ mask[($0 + 2) % 4] }
    expect(
      frame.payload != shifted,
      "the payload is unmasked with the bytes of the mask in another order",
      "The first byte of the payload belongs to the first byte of the mask. So count from where the payload begins, "
        + "not from where the frame begins.")
    expect(
      frame, equals: hello, "the frame is not the one that the client has sent",
      "Byte i of the payload XOR byte i % 4 of the mask.")
    expect(
      length, equals: 11, "the length of the whole frame is not what it should be",
      "Two bytes, four of mask, five of payload. What is behind them is the next frame.")
    let (part, _) = decoded(masked(half), "a frame that is not the last one of its message")
    expect(part, equals: half, "the frame is not the one that the client has sent")
  }

  static func decodedLengths() {
    for count in [0, 125, 126, 65_535, 65_536] {
      let frame = Frame(opcode: 2, payload: pattern(count))
      let bytes = masked(frame)
      let found = decoded(bytes, "a frame with \(count) bytes")
      expect(
        found.frame, equals: frame, "a frame with \(count) bytes is not the one that was sent",
        "Up to 125 the length is in byte 1; 126 there means two more bytes, 127 eight more, the most significant one first."
      )
      expect(
        found.length, equals: bytes.count, "the length of the whole frame is not what it should be")
    }
  }

  static func everySplit() {
    explain(
      crash:
        "A stream can be cut anywhere, also within a header. Before you look at a byte, ask whether it is there."
    ) {
      for count in [5, 126, 65_536] {
        let bytes = masked(Frame(opcode: 2, payload: pattern(count)))
        for cut in Array(0..<20) + [bytes.count - 1] where cut < bytes.count {
          let part = Array(bytes[..<cut])
          Events.start("what has arrived, of a frame with \(count) bytes:")
          Events.add(hex(part))
          expect(
            read(part) == nil,
            "of a frame only the first \(cut) bytes are there, and decode returns one",
            "Return nil, and wait for the rest: more bytes come with the next read.")
        }
      }
    }
  }

  static func together() {
    let bytes = masked(hello) + masked(half)
    let first = decoded(bytes, "the first of two frames")
    expect(
      first.frame, equals: hello, "the first of two frames is not the one that was sent",
      "Its length says where it ends.")
    let second = decoded(Array(bytes.dropFirst(first.length)), "what is behind the first frame")
    expect(
      second.frame, equals: half, "the second of two frames is not the one that was sent",
      "It begins where the first one ends.")
  }

  static func unmasked() {
    expect(
      isRefused(encode(hello)), "a client's frame came without a mask, and is not refused",
      "Without masks, a page could make a browser send bytes that look like an HTTP request to a proxy on the way. So a "
        + "server must hang up (RFC 6455 section 5.1).")
  }

  static func tooLong() {
    let longest: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0] + mask
    Events.start("what has arrived:")
    Events.add(hex(longest))
    expect(
      !isRefused(longest), "a length of exactly maxPayload is refused",
      "The limit is what a client may still send; it does not know that yours is one byte less.")
    let lengths: [[UInt8]] = [
      [0, 0, 0, 0, 0, 0x10, 0, 1], [0x7F] + Array(repeating: 0xFF, count: 7),
      Array(repeating: 0xFF, count: 8),
    ]
    for length in lengths {
      let header = [0x82, 0xFF] + length + mask
      let why =
        "These fourteen bytes can come from anybody. A server that computes with the length before it has compared it "
        + "crashes, with all its clients, or waits and keeps what comes until memory ends."
      Events.start("what has arrived:")
      Events.add(hex(header))
      explain(crash: why) {
        expect(isRefused(header), "a length over maxPayload is not refused", why)
      }
    }
  }

  /// What `decode` finds where there is a frame.
  static func decoded(_ bytes: [UInt8], _ title: String) -> (frame: Frame, length: Int) {
    Events.start("what has arrived:")
    Events.add(hex(bytes))
    guard let found = read(bytes) else {
      fail("\(title) is there, and decode returns nil", "nil means that a part is missing.")
    }
    return found
  }

  static func read(_ bytes: [UInt8]) -> (frame: Frame, length: Int)? {
    do { return try decode(bytes) } catch {
      fail("decode refuses a frame that is as it should be", "It is masked, and not too long.")
    }
  }

  static func isRefused(_ bytes: [UInt8]) -> Bool {
    do { _ = try decode(bytes) } catch { return true }
    return false
  }

  /// As a client sends it.
  static func masked(_ frame: Frame) -> [UInt8] {
    let count = frame.payload.count
    let (mark, width) = count < 126 ? (UInt8(count), 0) : count <= 65_535 ? (126, 2) : (127, 8)
    let length = (0..<width).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    let payload = frame.payload.enumerated().map { $1 ^ mask[$0 % 4] }
    return [(frame.isFinal ? 0x80 : 0) | frame.opcode, 0x80 | mark] + length + mask + payload
  }

  /// No two bytes that are near each other are the same.
  static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  static func hex(_ bytes: [UInt8]) -> String {
    let text = bytes.prefix(24).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return text.joined(separator: " ") + (bytes.count > 24 ? " … (\(bytes.count) bytes)" : "")
  }
}

/// As failures show it.
extension Frame: CustomStringConvertible {
  var description: String {
    "opcode \(opcode), \(isFinal ? "final" : "not final"), \(show(payload))"
  }
}
