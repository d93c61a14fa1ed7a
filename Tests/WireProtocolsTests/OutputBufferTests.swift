import TestSupport
import Testing

@testable import WireProtocols

@Suite struct OutputBufferTests {
  @Test("Bytes are appended one after the other, and removed together")
  func append() {
    var buffer = OutputBuffer()
    #expect(buffer.count == 0 && buffer.bytes == [])
    buffer.append("one, ")
    buffer.append(bytes("two, "))
    let three = bytes("and three")
    buffer.append(three.span.extracting(4...))
    buffer.append([])
    #expect(text(buffer.bytes) == "one, two, three" && buffer.count == 15)
    buffer.removeLast(7)
    #expect(text(buffer.bytes) == "one, two")
    buffer.removeAll()
    #expect(buffer.count == 0 && buffer.bytes == [])
  }

  @Test("The date is written into the room that was left for it")
  func date() {
    var buffer = OutputBuffer()
    buffer.append([UInt8](repeating: UInt8(ascii: "."), count: HTTPDate.length + 2))
    buffer.putDate(at: 1)
    #expect(text(buffer.bytes) == ".Thu, 01 Jan 1970 00:00:00 GMT.")
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

  @Test("A buffer that grew for one message shrinks again, and keeps what batches need")
  func shrink() {
    var buffer = OutputBuffer()
    let atFirst = buffer.capacity
    buffer.append([UInt8](repeating: 0, count: 1 << 20))
    #expect(buffer.capacity >= 1 << 20)
    buffer.removeAll()
    #expect(buffer.capacity == atFirst)
    buffer.append([UInt8](repeating: 0, count: 100_000))
    buffer.removeAll()
    #expect(buffer.capacity >= 100_000 && buffer.capacity <= OutputBuffer.keptCapacity)
  }
}
