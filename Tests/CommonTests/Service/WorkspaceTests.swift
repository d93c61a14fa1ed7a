import Glibc
import Testing

@testable import Common

/// What sessions of a thread share.
@Suite(.timeLimit(.minutes(5))) struct WorkspaceTests {
  private static func text(_ date: HTTPDate) -> String {
    String(decoding: date.bytes.indices.map { date.bytes[$0] }, as: UTF8.self)
  }

  @Test("A new one has room for input, no output, and knows the time")
  func new() {
    let before = Instant.now
    let space = Workspace(inputSize: 10)
    #expect(space.input.count == 10)
    #expect(space.output.count == 0)
    #expect(before <= space.now && space.now <= .now)
    #expect(Self.text(space.output.date) != Self.text(HTTPDate(secondsSince1970: 0)))
  }

  /// Every turn of a loop ticks, and a date costs more than the rest of the tick.
  @Test("The date is made once a second, the time is taken at every tick")
  func ticks() {
    let marked = HTTPDate(secondsSince1970: 0)
    var space = Workspace(inputSize: 0)
    let second = time(nil)
    space.output.date = marked
    let start = space.now
    // As long as it is the same second, the mark stays; when another has begun, it goes.
    var kept = 0
    while Self.text(space.output.date) == Self.text(marked) {
      kept += 1
      space.tick()
    }
    #expect(kept > 1)
    #expect(space.now > start)
    let after = time(nil) + 1  // time(2) looks at a clock that may be a tick behind.
    #expect(
      (second...after).contains {
        Self.text(HTTPDate(secondsSince1970: $0)) == Self.text(space.output.date)
      })
  }

  @Test("What is sent empties it, and what the kernel does not take is handed back")
  func send() throws {
    let pair = try SocketPair(nonBlocking: true)
    var space = Workspace(inputSize: 0)
    space.output.append(bytes("hello"))
    #expect(try pair.near.send(&space) == [])
    #expect(space.output.count == 0)
    #expect(try pair.far.receiveText() == "hello")

    let large = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 7) }
    space.output.append(large)
    let rest = try pair.near.send(&space)
    #expect(space.output.count == 0)
    #expect(!rest.isEmpty && rest.count < large.count && large.suffix(rest.count) == rest[...])
    // Now there is no room at all.
    space.output.append(bytes("more"))
    #expect(try pair.near.send(&space) == bytes("more"))
  }

  @Test("What could not be sent because the peer has gone does not stay for the next client")
  func failed() throws {
    let near = try SocketPair(nonBlocking: true).takeNear()
    var space = Workspace(inputSize: 0)
    space.output.append(bytes("hello"))
    #expect(throws: SystemError(call: "send", code: EPIPE)) { _ = try near.send(&space) }
    #expect(space.output.count == 0)
  }
}
