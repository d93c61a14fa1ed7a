import Testing

@testable import Common

@Suite struct OutputBufferTests {
  @Test("Bytes are put behind each other, and forgotten together")
  func append() {
    var buffer = OutputBuffer()
    #expect(buffer.count == 0 && buffer.bytes == [])
    buffer.append("one, ")
    buffer.append(bytes("two, "))
    buffer.append(bytes("and three")[4...])
    buffer.append([])
    #expect(text(buffer.bytes) == "one, two, three" && buffer.count == 15)
    buffer.removeLast(7)
    buffer.replace(at: 5, with: UInt8(ascii: "T"))
    #expect(text(buffer.bytes) == "one, Two")
    buffer.removeAll()
    #expect(buffer.count == 0 && buffer.bytes == [])
  }

  @Test("There is always room for more", arguments: [1, 1000, 1 << 15, 100_000])
  func grow(_ step: Int) {
    var buffer = OutputBuffer()
    var expected: [UInt8] = []
    while expected.count < 400_000 {
      let piece = (0..<step).map { UInt8(truncatingIfNeeded: $0 + expected.count / 251) }
      buffer.append(piece)
      expected += piece
    }
    #expect(buffer.bytes == expected)
  }
}
