import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("encode: a short frame") { shortFrame() },
    Part("encode: lengths of 125, 126, 65,535 and 65,536") { encodedLengths() },
    Part("decode: the masked example frame of RFC 6455") { sample() },
    Part("decode: lengths of 0, 125, 126, 65,535 and 65,536") { decodedLengths() },
    Part("decode: a frame that has only partly arrived") { everySplit() },
    Part("decode: two frames, one after the other") { together() },
    Part("decode: an unmasked frame is refused") { unmasked() },
    Part("decode: a length over the limit is refused") { tooLong() },
    Part("decode: the time grows in proportion to the size of the frame") { linear() },
  ]

  static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  static let hello = Frame(opcode: 1, payload: Array("Hello".utf8))
  static let half = Frame(isFinal: false, opcode: 2, payload: [0, 1, 2, 255])

  static func shortFrame() {
    expect(
      encode(hello), equals: [0x81, 5] + hello.payload,
      "encode returned the wrong bytes for a frame with the text Hello",
      "Byte 0 holds the opcode, with bit 7 set because this is the last frame of its message. The "
        + "length follows, and then the payload."
    )
    expect(
      encode(half), equals: [0x02, 4] + half.payload,
      "encode returned the wrong bytes for the first frame of a longer message",
      "More frames of the message follow, so bit 7 of byte 0 must not be set.")
  }

  static func encodedLengths() {
    explain(
      crash:
        "A UInt8 holds numbers up to 255, and UInt8(number) crashes the program if the number is "
        + "larger. UInt8(truncatingIfNeeded: number) keeps the last eight bits."
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
      let title = "encode wrote the wrong header for a payload of \(count) bytes"
      expect(
        count != 126 || !header.starts(with: [0x82, 126, 120]), title,
        "126 in byte 1 is not a length. It announces that the length is in the next two bytes, so "
          + "the client reads the payload as the length."
      )
      expect(
        header != [0x82, length[0]] + length.dropFirst().reversed() || header == expected, title,
        "The bytes of the length are in the wrong order. Network byte order puts the most "
          + "significant byte first; on this machine, numbers in memory are stored the other way "
          + "around."
      )
      expect(
        hex(header), equals: hex(expected), title,
        "A length up to 125 is in byte 1. For a length up to 65,535, byte 1 is 126 and the length "
          + "is in the next two bytes. Beyond that, byte 1 is 127 and the length is in the next "
          + "eight bytes."
      )
      expect(
        bytes.dropFirst(expected.count).count == count
          && bytes.dropFirst(expected.count).allSatisfy { $0 == 120 },
        "the bytes after the header are not the payload",
        "The payload follows unchanged, because a server does not mask its frames.")
    }
  }

  static func sample() {
    explain(
      crash:
        "The whole frame has arrived, so check your indices. A slice keeps the indices of its "
        + "array: bytes[6...] starts at 6, and Array(bytes[6...]) starts at 0."
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
      "decode unmasked the payload with the mask's bytes in the wrong order",
      "The first byte of the payload goes with the first byte of the mask. Count from the start of "
        + "the payload, not from the start of the frame.")
    expectFrame(
      frame, hello, "decode returned a different frame from the one that the client sent",
      "Unmask byte i of the payload with byte i % 4 of the mask, by XOR.")
    expect(
      length != 5, "decode returned the length of the payload instead of the length of the frame",
      "The caller removes this many bytes to find the next frame, so the length must include the "
        + "header and the mask."
    )
    expect(
      length, equals: 11, "decode returned the wrong length for the whole frame",
      "The header has two bytes, the mask four, and the payload five. The next frame starts right "
        + "after them.")
    let other = masked(hello, [0, 0xFF, 1, 0x80])
    expectFrame(
      decoded(other, "the same text with another mask").frame, hello,
      "decode returned a different frame for the same text with another mask",
      "Every frame carries its own mask. Read it from the frame.")
    var reserved = masked(hello)
    reserved[0] |= 0x70
    expect(
      decoded(reserved, "the same frame with bits 4 to 6 of byte 0 set").frame.opcode, equals: 1,
      "the opcode contains bits that are not part of it",
      "The opcode is in bits 0 to 3 of byte 0. The other bits have other meanings, so clear them.")
    let (part, _) = decoded(masked(half), "a frame that is not the last one of its message")
    expectFrame(
      part, half, "decode returned a different frame from the one that the client sent", "")
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
        "the payload does not have the length that the header says",
        "A length up to 125 is in byte 1. There, 126 means that the next two bytes are the length, "
          + "and 127 means the next eight.")
      expectFrame(
        found.frame, frame,
        "decode returned the wrong frame for a payload of \(count) bytes",
        "The position of the mask and the payload depends on whether the length takes zero, two or "
          + "eight extra bytes."
      )
      expect(
        found.length, equals: bytes.count, "decode returned the wrong length for the whole frame",
        "The header has \(bytes.count - count) bytes here: byte 0 and byte 1, the extra bytes of "
          + "the length, and the four bytes of the mask."
      )
    }
  }

  /// Recognizes a length that was read in the wrong byte order. The bytes appended to the frame
  /// make sure that such a frame is complete too.
  static func expectByteOrder(_ bytes: [UInt8], _ count: Int) {
    let wrong = count < 65_536 ? Int(UInt16(count).byteSwapped) : -1
    guard count > 125, wrong != count, (126...maxPayload).contains(wrong) else { return }
    let padded = bytes + [UInt8](repeating: 0, count: 70_000)
    guard let found = try? decode(padded), found.frame.payload.count == wrong else { return }
    fail(
      "a length of \(count) was read as \(wrong): its bytes were taken in the wrong order",
      "The bytes of the length are in the wrong order. Network byte order puts the most "
        + "significant byte first; on this machine, numbers in memory are stored the other way "
        + "around."
    )
  }

  static func everySplit() {
    explain(
      crash:
        "A stream can be cut anywhere, even inside a header. Before you read a byte, check that it "
        + "has arrived."
    ) {
      for count in [5, 126, 65_536] {
        let bytes = masked(Frame(opcode: 2, payload: pattern(count)))
        for cut in Array(0..<20) + [bytes.count - 1] where cut < bytes.count {
          let part = Array(bytes[..<cut])
          Events.start(
            "the bytes that have arrived so far, from a frame with a payload of \(count) bytes:")
          Events.add(hex(part))
          expect(
            read(part) == nil,
            "only the first \(cut) bytes of a frame have arrived, but decode returned a frame",
            "Return nil and wait for the rest, which arrives with a later read.")
        }
      }
    }
  }

  static func together() {
    let bytes = masked(hello) + masked(half)
    let first = decoded(bytes, "the first of two frames")
    expectFrame(
      first.frame, hello, "decode returned the wrong frame for the first of two frames",
      "The length in the header says where the first frame ends.")
    let second = decoded(Array(bytes.dropFirst(first.length)), "the frame after the first one")
    expectFrame(
      second.frame, half, "decode returned the wrong frame for the second of two frames",
      "The second frame starts where the first one ends.")
  }

  static func unmasked() {
    let frames = [encode(hello), [0x82, 126, 0, 126] + pattern(126), [0x81, 5]]
    for bytes in frames {
      Events.start("the bytes that have arrived:")
      Events.add(hex(bytes))
      expect(
        isRefused(bytes), "an unmasked frame from a client was not refused",
        "Masks stop a web page from making the browser send bytes that a proxy mistakes for an "
          + "HTTP request. A server must therefore hang up on an unmasked frame (RFC 6455 section "
          + "5.1).")
    }
  }

  static func tooLong() {
    let longest: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0] + mask
    Events.start("the bytes that have arrived:")
    Events.add(hex(longest))
    expect(
      !isRefused(longest), "a length of exactly maxPayload was refused",
      "The limit itself is allowed: refuse only lengths greater than maxPayload. Otherwise a "
        + "message of the documented size fails."
    )
    refuses([
      [0, 0, 0, 0, 0, 0x10, 0, 1], [0x7F] + Array(repeating: 0xFF, count: 7),
      Array(repeating: 0xFF, count: 8),
    ])
    for bit in 21...63 {
      let length = (UInt64(1) << UInt64(bit) | 5).bigEndian
      let header = [0x82, 0xFF] + withUnsafeBytes(of: length) { Array($0) } + mask
      Events.start("the bytes that have arrived:")
      Events.add(hex(header))
      expect(
        isRefused(header), "only part of an eight-byte length was read",
        "Bit \(bit) of the length is set, so the length is over maxPayload and must be refused. "
          + "All eight bytes count: an Int32, or only four of the bytes, cannot hold this length.")
    }
  }

  static func refuses(_ lengths: [[UInt8]]) {
    for length in lengths {
      let header = [0x82, 0xFF] + length + mask
      let why =
        "Anyone can send these fourteen bytes. A server that calculates with the length before "
        + "comparing it with maxPayload crashes and takes all its clients down, or it collects "
        + "data until it runs out of memory."
      Events.start("the bytes that have arrived:")
      Events.add(hex(header))
      explain(crash: why) {
        expect(isRefused(header), "a length over maxPayload was not refused", why)
      }
    }
  }

  /// Compares the processor time for two payloads, one eight times as long as the other. Linear
  /// code takes eight times as long, and quadratic code takes sixty-four times as long.
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
      "For each byte, the code does work on all the other bytes: it may remove the first element "
        + "of an array, or copy the rest. A single client with large frames could then stall the "
        + "server. Go through the bytes once, by index."
    )
  }

  /// Returns the frame that `decode` finds, and fails if there is none.
  static func decoded(_ bytes: [UInt8], _ title: String) -> (frame: Frame, length: Int) {
    Events.start("the bytes that have arrived:")
    Events.add(hex(bytes))
    guard let found = read(bytes) else {
      fail(
        "\(title) has arrived completely, but decode returned nil",
        "nil means that part of the frame is missing. The server would wait forever for bytes that "
          + "it already has.")
    }
    return found
  }

  static func read(_ bytes: [UInt8]) -> (frame: Frame, length: Int)? {
    do { return try decode(bytes) } catch {
      fail(
        "decode refused a correct frame",
        "The frame is masked and not too long. Refusing it disconnects a client that did nothing "
          + "wrong.")
    }
  }

  static func isRefused(_ bytes: [UInt8]) -> Bool {
    do { _ = try decode(bytes) } catch { return true }
    return false
  }

  /// Encodes a frame the way a client does.
  static func masked(_ frame: Frame, _ mask: [UInt8] = Check.mask) -> [UInt8] {
    let count = frame.payload.count
    let (mark, width) = count < 126 ? (UInt8(count), 0) : count <= 65_535 ? (126, 2) : (127, 8)
    let length = (0..<width).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    let payload = frame.payload.enumerated().map { $1 ^ mask[$0 % 4] }
    return [(frame.isFinal ? 0x80 : 0) | frame.opcode, 0x80 | mark] + length + mask + payload
  }

  /// Returns bytes in which no two neighbors are equal.
  static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  static func hex(_ bytes: [UInt8]) -> String {
    let text = bytes.prefix(24).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return text.joined(separator: " ") + (bytes.count > 24 ? " … (\(bytes.count) bytes)" : "")
  }
}
