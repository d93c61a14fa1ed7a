import TestSupport
import Testing

@testable import WireProtocols

@Suite struct InputBufferTests {
  private static func buffer(_ content: String) -> InputBuffer {
    var buffer = InputBuffer()
    buffer.append(bytes(content).span)
    return buffer
  }

  @Test("A message in one frame is not moved")
  func oneFrame() {
    var buffer = Self.buffer("hhMESSAGEhh")
    buffer.skip(2)
    buffer.moveToMessage(7)
    #expect(buffer.message == 2..<9)
    #expect(text(buffer.bytes) == "hhMESSAGEhh")
    #expect(buffer.unread == 9..<11)
  }

  @Test("Fragments are moved together, over the headers between them")
  func fragments() {
    var buffer = Self.buffer("hhMEShhSAhhhGErest")
    for (header, fragment) in [(2, 3), (2, 2), (3, 2)] {
      buffer.skip(header)
      buffer.moveToMessage(fragment)
    }
    #expect(text(buffer.bytes[buffer.message]) == "MESSAGE")
    #expect(text(buffer.bytes[buffer.unread]) == "rest")
    buffer.dropMessage()
    #expect(buffer.message.isEmpty)
    #expect(text(buffer.bytes[buffer.unread]) == "rest")
  }

  @Test("Of bytes that are read in place, only the unconsumed ones are copied")
  func borrow() {
    var room = bytes("hhMESSAGEhhMESrest of the room")
    var buffer = InputBuffer()
    buffer.borrow(&room, 14)
    #expect(room.isEmpty && buffer.unreadCount == 14)
    buffer.skip(2)
    buffer.moveToMessage(7)
    #expect(text(buffer.bytes[buffer.message]) == "MESSAGE")
    buffer.dropMessage()
    buffer.skip(2)
    buffer.moveToMessage(2)
    buffer.giveBack(&room)
    #expect(text(room) == "hhMESSAGEhhMESrest of the room")
    #expect(text(buffer.bytes) == "MES" && buffer.message == 0..<2 && buffer.unread == 2..<3)
    buffer.dropAll()
    buffer.borrow(&room, 5)
    buffer.skip(5)
    buffer.giveBack(&room)
    #expect(buffer.isEmpty && buffer.bytes.capacity == 0 && room.count == 30)
  }

  @Test("Compacting keeps the message so far and the unread bytes, and nothing else")
  func compact() {
    var buffer = Self.buffer("hhMEShhSAhh")
    buffer.skip(2)
    buffer.moveToMessage(3)
    buffer.skip(2)
    buffer.moveToMessage(2)
    buffer.compact()
    #expect(text(buffer.bytes) == "MESSAhh")
    buffer.skip(2)
    buffer.compact()
    #expect(text(buffer.bytes) == "MESSA")
    #expect(buffer.message == 0..<5 && buffer.unreadCount == 0)
    buffer.append(bytes("hGE").span)
    buffer.skip(1)
    buffer.moveToMessage(2)
    #expect(text(buffer.bytes[buffer.message]) == "MESSAGE")
    buffer.dropMessage()
    buffer.compact()
    #expect(buffer.bytes.capacity == 0)
  }
}
