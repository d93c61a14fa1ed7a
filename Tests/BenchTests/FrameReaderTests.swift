import Common
import Testing
import WireProtocols

@testable import bench

/// What the reader makes of a server's bytes, however they are cut into pieces.
struct FrameReaderTests {
  enum Seen: Equatable {
    case message(String)
    case control(Opcode, [UInt8])
    case malformed
  }

  private static func frame(_ first: UInt8, _ payload: String) -> [UInt8] {
    [first, UInt8(payload.utf8.count)] + payload.utf8
  }

  static let wellFormed: [([UInt8], [Seen])] = [
    (frame(0x81, "Hello"), [.message("Hello")]),
    (frame(0x82, ""), [.message("")]),
    (frame(0x81, "a") + frame(0x81, "b"), [.message("a"), .message("b")]),
    (frame(0x01, "Hel") + frame(0x00, "") + frame(0x80, "lo"), [.message("Hello")]),
    (
      frame(0x01, "Hel") + frame(0x89, "ping") + frame(0x80, "lo"),
      [.control(.ping, Array("ping".utf8)), .message("Hello")]
    ),
    ([0x88, 2, 0x03, 0xE9], [.control(.close, [0x03, 0xE9])]),
    ([0x8A, 0], [.control(.pong, [])]),
    ([0x82, 126, 0, 126] + [UInt8](repeating: 65, count: 126), [.message(long(126))]),
    (
      [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 65, count: 65536),
      [.message(long(65536))]
    ),
  ]

  static let malformed: [[UInt8]] = [
    // Reserved bits, reserved opcodes, a mask.
    [0xC1, 0], [0x83, 0], [0x8B, 0], [0x81, 0x80],
    // A length in more bytes than it needs, or of 64 bits.
    [0x82, 126, 0, 125], [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
    [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0],
    // A continuation of nothing, a message inside a message.
    [0x80, 0], [0x01, 0, 0x81, 0],
    // A control frame in fragments, or too long.
    [0x09, 0], [0x89, 126, 0, 126],
  ]

  private static func long(_ count: Int) -> String { String(repeating: "A", count: count) }

  /// Reads pieces one after the other.
  private func read(_ pieces: [ArraySlice<UInt8>]) -> [Seen] {
    var reader = FrameReader()
    var (seen, text): ([Seen], [UInt8]) = ([], [])
    for piece in pieces {
      let isMalformed = Array(piece).withUnsafeBytes { bytes in
        var position = 0
        while true {
          switch reader.next(bytes, &position) {
          case .more: return false
          case .malformed: return true
          case .control(let opcode): seen.append(.control(opcode, reader.control))
          case .message(let range, let isEnd):
            text += bytes[range]
            if isEnd {
              seen.append(.message(String(decoding: text, as: UTF8.self)))
              text = []
            }
          }
        }
      }
      if isMalformed { return seen + [.malformed] }
    }
    return seen
  }

  @Test(arguments: wellFormed)
  func readsFramesSplitAnywhere(_ bytes: [UInt8], _ expected: [Seen]) {
    for split in 0...min(bytes.count, 200) {
      #expect(read([bytes[..<split], bytes[split...]]) == expected)
    }
    #expect(read(bytes.indices.map { bytes[$0...$0] }) == expected)
  }

  @Test(arguments: malformed)
  func refusesWhatNoServerMaySend(_ bytes: [UInt8]) {
    for split in 0...bytes.count {
      #expect(read([bytes[..<split], bytes[split...]]).last == .malformed)
    }
  }

  @Test func tellsTheOrderInWhichNumbersArrive() {
    var order = ArrivalOrder()
    let places = [0, 1, 3, 2, 2, 4, 100, 99, 5].map { order.place(of: $0) }
    // Number 5 is more than 64 messages behind: too late to tell.
    #expect(places == [.next, .next, .next, .late, .again, .next, .next, .late, .again])
  }

  @Test func writesFramesThatAServerReads() {
    for count in [0, 1, 7, 8, 125, 126, 65535, 65536] {
      var writer = FrameWriter(longestPayload: count)
      let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      payload.withUnsafeBytes { writer.append(.binary, $0) }
      let frame = Array(writer.bytes)
      let lengthEnd = count < 126 ? 2 : count <= 65535 ? 4 : 10
      #expect(frame.count == lengthEnd + 4 + count)
      #expect(frame[0] == 0x82)
      // The mask bit, and the length in the fewest bytes.
      #expect(frame[1] == 0x80 | (count < 126 ? UInt8(count) : count <= 65535 ? 126 : 127))
      let length = frame[2..<lengthEnd].reduce(0) { $0 << 8 | Int($1) }
      #expect(count < 126 || length == count)
      let mask = Array(frame[lengthEnd..<lengthEnd + 4])
      let unmasked = frame[(lengthEnd + 4)...].enumerated().map { $1 ^ mask[$0 % 4] }
      #expect(unmasked == payload)
    }
  }

  @Test func masksEveryFrameWithAnotherKey() {
    var writer = FrameWriter(longestPayload: 4)
    for _ in 0..<1000 {
      [UInt8](repeating: 0, count: 4).withUnsafeBytes { writer.append(.text, $0) }
    }
    let bytes = Array(writer.bytes)
    // After the header of two bytes, the payload of zeros shows the mask.
    let keys = Set((0..<1000).map { Array(bytes[$0 * 10 + 2..<$0 * 10 + 6]) })
    #expect(keys.count > 990)
  }
}
