import TestSupport
import Testing

@testable import WireProtocols

@Suite struct FrameHeaderTests {
  private static func parse(_ bytes: [UInt8]) throws(CloseCode) -> (FrameHeader, length: Int)? {
    // A typed error does not pass through the closure, so the closure returns a result.
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(CloseCode) in try FrameHeader.parse(raw) }
    }
    guard let (header, length) = try result.get() else { return nil }
    return (header, length)
  }

  @Test(
    "Lengths at both limits of every length field are read",
    arguments: [(0, 6), (1, 6), (125, 6), (126, 8), (127, 8), (65_535, 8), (65_536, 14)])
  func lengths(_ payload: Int, _ headerLength: Int) throws {
    let bytes = frameHeader(0x82, length: payload, mask: [1, 2, 3, 4])
    #expect(bytes.count == headerLength)
    let (header, length) = try #require(try Self.parse(bytes))
    let expected = FrameHeader(
      isFinal: true, opcode: .binary, payloadLength: payload, mask: 0x0403_0201)
    #expect(header == expected)
    #expect(length == headerLength)
    for count in 0..<bytes.count {
      #expect(try Self.parse(Array(bytes.prefix(count))) == nil, "\(count) bytes")
    }
    let (_, longer) = try #require(try Self.parse(bytes + [9, 9, 9]))
    #expect(longer == headerLength)
  }

  @Test("The largest possible length is read")
  func largest() throws {
    let bytes = frameHeader(0x82, length: Int.max, form: 127)
    #expect(try Self.parse(bytes)?.0.payloadLength == Int.max)
  }

  @Test("Every first byte is read or refused as RFC 6455 section 5.2 says", arguments: 0...255)
  func firstByte(_ first: Int) throws {
    let opcode = Opcode(rawValue: UInt8(first & 0x0F))
    let isFinal = first & 0x80 != 0
    let isControl = first & 0x08 != 0
    let bytes = frameHeader(UInt8(first), length: 1)
    guard first & 0x70 == 0, let opcode, isFinal || !isControl else {
      #expect(throws: CloseCode.protocolError) { try Self.parse(bytes) }
      return
    }
    let (header, _) = try #require(try Self.parse(bytes))
    #expect(header.opcode == opcode)
    #expect(header.isFinal == isFinal)
    #expect(header.opcode.isControl == isControl)
  }

  @Test("The six opcodes are the registered ones")
  func opcodes() {
    let known = (UInt8(0)...255).filter { Opcode(rawValue: $0) != nil }
    #expect(known == [0, 1, 2, 8, 9, 10])
  }

  @Test(
    "A header that breaks a rule is refused",
    arguments: [
      ("125 in two bytes", frameHeader(0x81, length: 125, form: 126)),
      ("0 in two bytes", frameHeader(0x81, length: 0, form: 126)),
      ("65,535 in eight bytes", frameHeader(0x81, length: 65_535, form: 127)),
      ("0 in eight bytes", frameHeader(0x81, length: 0, form: 127)),
      ("2^63", [0x81, 0xFF, 0x80] + [UInt8](repeating: 0, count: 11)),
      ("2^64 - 1", [0x81, 0xFF] + [UInt8](repeating: 0xFF, count: 12)),
      ("unmasked", [0x81, 0x01]),
      ("unmasked and empty", [0x81, 0x00]),
      ("ping of 126", frameHeader(0x89, length: 126)),
      ("ping of 65,536", frameHeader(0x89, length: 65_536)),
      ("close in two bytes of length", frameHeader(0x88, length: 5, form: 126)),
      ("fragmented ping", frameHeader(0x09, length: 0)),
    ])
  func refused(_ name: String, _ bytes: [UInt8]) {
    #expect(throws: CloseCode.protocolError) { try Self.parse(bytes) }
  }
}

@Suite struct FrameEncoderTests {
  @Test(
    "Frames of every size begin with the shortest header, without a mask",
    arguments: [
      (0, [0x82, 0x00]), (1, [0x82, 0x01]), (125, [0x82, 0x7D]),
      (126, [0x82, 0x7E, 0x00, 0x7E]), (65_535, [0x82, 0x7E, 0xFF, 0xFF]),
      (65_536, [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] as [(Int, [UInt8])])
  func sizes(_ count: Int, _ header: [UInt8]) {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    var output = OutputBuffer()
    output.append([9])
    FrameEncoder.append(.binary, payload.span, to: &output)
    #expect(output.bytes == [9] + header + payload)
  }

  @Test("Text and close frames have FIN set")
  func textAndClose() {
    #expect(FrameEncoder.text("h\u{E9}") == [0x81, 3, 0x68, 0xC3, 0xA9])
    var output = OutputBuffer()
    FrameEncoder.appendClose(.goingAway, to: &output)
    #expect(output.bytes == [0x88, 2, 0x03, 0xE9])
  }
}

@Suite struct UnmaskTests {
  private static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  private static let number: UInt32 = 0x3D21_FA37

  @Test("Unmasking is a plain XOR at every alignment, length and cut")
  func allAlignments() {
    for length in 0...40 {
      let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let expected = masked(payload, Self.mask)
      for alignment in 0..<8 {
        for cut in 0...length {
          var room = [UInt8](repeating: 0, count: alignment) + payload + [0xAA]
          var mask = Self.number
          room.withUnsafeMutableBytes { raw in
            let middle = alignment + cut
            unmask(UnsafeMutableRawBufferPointer(rebasing: raw[alignment..<middle]), with: &mask)
            let end = alignment + length
            unmask(UnsafeMutableRawBufferPointer(rebasing: raw[middle..<end]), with: &mask)
          }
          let before = [UInt8](repeating: 0, count: alignment)
          #expect(room == before + expected + [0xAA], "\(length) at \(alignment), cut at \(cut)")
        }
      }
    }
  }
}
