import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// The buffers that the sessions of a thread share.
@Suite(.timeLimit(.minutes(5))) struct WorkspaceTests {
  private static func text(_ date: HTTPDate) -> String {
    String(decoding: date.bytes.indices.map { date.bytes[$0] }, as: UTF8.self)
  }

  @Test("New buffers have room for input, hold no output, and know the time")
  func new() {
    let before = Instant.now
    let buffers = IOBuffers(inputSize: 10)
    #expect(buffers.input.count == 10)
    #expect(buffers.output.count == 0)
    #expect(before <= buffers.now && buffers.now <= .now)
    #expect(Self.text(buffers.output.date) != Self.text(HTTPDate(secondsSince1970: 0)))
  }

  /// Every loop iteration ticks, and a date costs more than the rest of the tick.
  @Test("The date is formatted once a second; the time is read at every tick")
  func ticks() {
    let marked = HTTPDate(secondsSince1970: 0)
    var buffers = IOBuffers(inputSize: 0)
    let second = time(nil)
    buffers.output.date = marked
    let start = buffers.now
    // The mark stays as long as the second is the same, and disappears in the next one.
    var kept = 0
    while Self.text(buffers.output.date) == Self.text(marked) {
      kept += 1
      buffers.tick()
    }
    #expect(kept > 1)
    #expect(buffers.now > start)
    let after = time(nil) + 1  // time(2) reads a clock that may be a tick behind.
    #expect(
      (second...after).contains {
        Self.text(HTTPDate(secondsSince1970: $0)) == Self.text(buffers.output.date)
      })
  }
}
