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
    Part("decode: a length that no client may send is refused") { tooLong() },
    Part("decode: a large frame takes no more time for each byte than a small one") { linear() },
  ]

  static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  static let hello = Frame(opcode: 1, payload: Array("Hello".utf8))
  static let half = Frame(isFinal: false, opcode: 2, payload: [0, 1, 2, 255])

  static func shortFrame() {
    expect(
      encode(hello), equals: [0x81, 5] + hello.payload,
      "a frame with the text Hello is not encoded as it should be",
      "First bit 7 for the last frame of its message, and the opcode; then the length; then the "
        + "payload."
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
      (0, [0]), (125, [125]), (126, [126, 0, 126]), (300, [126, 1, 44]),
      (65_535, [126, 0xFF, 0xFF]),
      (65_536, [127, 0, 0, 0, 0, 0, 1, 0, 0]), (70_000, [127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]),
    ]
    for (count, length) in headers {
      let bytes = encode(Frame(opcode: 2, payload: Array(repeating: 120, count: count)))
      let expected = [0x82] + length
      let header = Array(bytes.prefix(expected.count))
      let title = "the header of a frame with \(count) bytes is not what it should be"
      expect(
        count != 126 || !header.starts(with: [0x82, 126, 120]), title,
        "126 is no length. It announces that the length is in the next two bytes, and the client "
          + "takes the payload for it."
      )
      expect(
        header != [0x82, length[0]] + length.dropFirst().reversed() || header == expected, title,
        "Network byte order: the most significant byte comes first. Numbers in memory are the "
          + "other way round."
      )
      expect(
        hex(header), equals: hex(expected), title,
        "Up to 125 the length is in byte 1. Up to 65,535 there is 126, and then two bytes; "
          + "beyond, 127 and then eight."
      )
      expect(
        bytes.dropFirst(expected.count).count == count
          && bytes.dropFirst(expected.count).allSatisfy { $0 == 120 },
        "after the header comes something else than the payload",
        "The payload follows as it is: a server does not mask.")
    }
  }

  static func sample() {
    explain(
      crash:
        "The frame is here as a whole, so look at the indices. A slice of an array keeps those of "
        + "the array: bytes[6...] begins "
        + "at 6, Array(bytes[6...]) at 0."
    ) { decodeSample() }
  }

  static func decodeSample() {
    let (frame, length) = decoded(masked(hello), "a masked frame with the text Hello")
    let shifted = hello.payload.enumerated().map { index, byte in
      let (right, wrong): (UInt8, UInt8) = (mask[index % 4], mask[(index + 2) % 4])
      return byte ^ right ^ wrong
    }
    expect(
      frame.payload != shifted,
      "the payload is unmasked with the bytes of the mask in another order",
      "The first byte of the payload belongs to the first byte of the mask. So count from where "
        + "the payload begins, "
        + "not from where the frame begins.")
    expectFrame(
      frame, hello, "the frame is not the one that the client has sent",
      "Byte i of the payload XOR byte i % 4 of the mask.")
    expect(
      length != 5, "the length that decode returns is that of the payload only",
      "The caller drops this many bytes to find the next frame: header and mask have to be counted."
    )
    expect(
      length, equals: 11, "the length of the whole frame is not what it should be",
      "Two bytes, four of mask, five of payload. What follows them is the next frame.")
    let other = masked(hello, [0, 0xFF, 1, 0x80])
    expectFrame(
      decoded(other, "the same text with another mask").frame, hello,
      "the same text with another mask is not the same frame", "The mask comes with each frame.")
    var reserved = masked(hello)
    reserved[0] |= 0x70
    expect(
      decoded(reserved, "the same frame with bits 4 to 6 of byte 0 set").frame.opcode, equals: 1,
      "the opcode contains bits that do not belong to it",
      "Bits 0 to 3 of byte 0 are the opcode. The others have other meanings: mask them out.")
    let (part, _) = decoded(masked(half), "a frame that is not the last one of its message")
    expectFrame(part, half, "the frame is not the one that the client has sent", "")
  }

  static func expectFrame(_ frame: Frame, _ expected: Frame, _ problem: String, _ why: String) {
    if frame == expected { return }
    fail(problem, why, expected: describe(expected), happened: describe(frame))
  }

  static func describe(_ frame: Frame) -> String {
    "opcode \(frame.opcode), \(frame.isFinal ? "final" : "not final"), \(show(frame.payload))"
  }

  static func decodedLengths() {
    for count in [0, 125, 126, 300, 65_535, 65_536, 70_000] {
      let frame = Frame(opcode: 2, payload: pattern(count))
      let bytes = masked(frame)
      expectByteOrder(bytes, count)
      let found = decoded(bytes, "a frame with \(count) bytes")
      expect(
        found.frame.payload.count, equals: count,
        "the payload has another length than the one in the header",
        "Up to 125 the length is in byte 1; 126 there means two more bytes, 127 eight more.")
      expectFrame(
        found.frame, frame, "a frame with \(count) bytes is not the one that was sent",
        "Where the mask and the payload begin depends on how many bytes the length takes: none "
          + "more, two or eight."
      )
      expect(
        found.length, equals: bytes.count, "the length of the whole frame is not what it should be",
        "The header has \(bytes.count - count) bytes here: two, those of the length, and four of "
          + "mask."
      )
    }
  }

  /// With more bytes behind it, a frame whose length is read the wrong way round is there as well.
  static func expectByteOrder(_ bytes: [UInt8], _ count: Int) {
    let wrong = count < 65_536 ? Int(UInt16(count).byteSwapped) : -1
    guard count > 125, wrong != count, (126...maxPayload).contains(wrong) else { return }
    let padded = bytes + [UInt8](repeating: 0, count: 70_000)
    guard let found = try? decode(padded), found.frame.payload.count == wrong else { return }
    fail(
      "a length of \(count) is read as \(wrong): its bytes in the wrong order",
      "Network byte order: the most significant byte comes first. Numbers in memory are the other "
        + "way round."
    )
  }

  static func everySplit() {
    explain(
      crash:
        "A stream can be cut anywhere, also within a header. Before you look at a byte, ask "
        + "whether it is there."
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
    expectFrame(
      first.frame, hello, "the first of two frames is not the one that was sent",
      "Its length says where it ends.")
    let second = decoded(Array(bytes.dropFirst(first.length)), "what follows the first frame")
    expectFrame(
      second.frame, half, "the second of two frames is not the one that was sent",
      "It begins where the first one ends.")
  }

  static func unmasked() {
    let frames = [encode(hello), [0x82, 126, 0, 126] + pattern(126), [0x81, 5]]
    for bytes in frames {
      Events.start("what has arrived:")
      Events.add(hex(bytes))
      expect(
        isRefused(bytes), "a client's frame came without a mask, and is not refused",
        "Without masks, a page could make a browser send bytes that look like an HTTP request to "
          + "a proxy on the way. So a "
          + "server must hang up (RFC 6455 section 5.1).")
    }
  }

  static func tooLong() {
    let longest: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0] + mask
    Events.start("what has arrived:")
    Events.add(hex(longest))
    expect(
      !isRefused(longest), "a length of exactly maxPayload is refused",
      "A client may send as many bytes as the limit says; it does not know that yours is one byte "
        + "less."
    )
    refuses([
      [0, 0, 0, 0, 0, 0x10, 0, 1], [0x7F] + Array(repeating: 0xFF, count: 7),
      Array(repeating: 0xFF, count: 8),
    ])
    for bit in 21...63 {
      let length = (UInt64(1) << UInt64(bit) | 5).bigEndian
      let header = [0x82, 0xFF] + withUnsafeBytes(of: length) { Array($0) } + mask
      Events.start("what has arrived:")
      Events.add(hex(header))
      expect(
        isRefused(header), "of a length of eight bytes, only a part is read",
        "Bit \(bit) of the length is set, so it is over maxPayload. All eight bytes count; an "
          + "Int32, or four of the bytes, do not "
          + "hold them.")
    }
  }

  static func refuses(_ lengths: [[UInt8]]) {
    for length in lengths {
      let header = [0x82, 0xFF] + length + mask
      let why =
        "These fourteen bytes can come from anybody. A server that computes with the length "
        + "before it has compared it "
        + "crashes, with all its clients, or waits and keeps what comes until memory ends."
      Events.start("what has arrived:")
      Events.add(hex(header))
      explain(crash: why) {
        expect(isRefused(header), "a length over maxPayload is not refused", why)
      }
    }
  }

  /// Time of the processor, for payloads of which one is eight times as long. Linear code needs
  /// eight times as much, quadratic code sixty-four times.
  static func linear() {
    let (small, large) = (
      masked(Frame(opcode: 2, payload: pattern(1 << 15))),
      masked(Frame(opcode: 2, payload: pattern(1 << 18)))
    )
    var times: [Double] = []
    for bytes in [small, small, small, small, small, large] {
      times.append(processorTime { _ = try? decode(bytes) })
    }
    let (short, long) = (times.dropLast().min() ?? 0, times[times.count - 1])
    expect(
      long < 20 * short || long < 0.05,
      "a payload that is eight times as long takes more than twenty times as long to decode",
      "For each byte the code does something with all the others: it removes the first element of "
        + "an array, or copies the rest. "
        + "A client that sends a large frame then stops the server. Go through the bytes once, by "
        + "their index."
    )
  }

  /// What `decode` finds if there is a frame.
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
  static func masked(_ frame: Frame, _ mask: [UInt8] = Check.mask) -> [UInt8] {
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
