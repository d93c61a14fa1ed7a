import Glibc
import TestSupport
import Testing

@testable import Common

/// The send deadline, with the time supplied by the test.
@Suite struct SendProgressTests {
  /// A connection whose kernel takes no more bytes, because the peer has not read. It is a pair of
  /// Unix sockets: what one end reads, the other one's kernel knows at once. With TCP a packet has
  /// to report it, which may take minutes to arrive after the window was zero (the persist timer of
  /// RFC 9293 section 3.8.6.1).
  private struct FullConnection: ~Copyable {
    let pair: SocketPair

    init() throws {
      let pair = try SocketPair(nonBlocking: true)
      let chunk = [UInt8](repeating: 1, count: 4096)
      while try pair.near.send(chunk, 0..<chunk.count) != nil {}
      self.pair = pair
    }

    /// Reads one of the chunks at the peer.
    func read() throws {
      let before = pair.near.unacknowledgedBytes
      var buffer = [UInt8](repeating: 0, count: 4096)
      #expect(try pair.far.receive(into: &buffer) == buffer.count)
      #expect(pair.near.unacknowledgedBytes < before)
    }
  }

  private static let timedOut = SystemError(call: "send", code: ETIMEDOUT)

  private func milliseconds(_ count: UInt64) -> Instant { Instant(nanoseconds: count * 1_000_000) }

  @Test("A peer that takes nothing is given up at the timeout, not earlier")
  func silence() throws {
    let connection = try FullConnection()
    var progress = SendProgress(connection.pair.near, at: milliseconds(0))
    let timeout = Duration.milliseconds(100)
    for (now, look) in [(0, 25), (25, 50), (50, 75), (90, 100), (99, 100)] as [(UInt64, UInt64)] {
      let next = try progress.nextLook(
        connection.pair.near, timeout: timeout, at: milliseconds(now))
      #expect(next == milliseconds(look))
    }
    #expect(throws: Self.timedOut) {
      try progress.nextLook(connection.pair.near, timeout: timeout, at: milliseconds(100))
    }
  }

  @Test("A peer that takes a few bytes from time to time is not given up, however long it takes")
  func steadiness() throws {
    let connection = try FullConnection()
    var progress = SendProgress(connection.pair.near, at: milliseconds(0))
    let timeout = Duration.milliseconds(100)
    for step in 1...20 as ClosedRange<UInt64> {
      try connection.read()
      let now = milliseconds(step * 90)
      _ = try progress.nextLook(connection.pair.near, timeout: timeout, at: now)
    }
    let end = milliseconds(20 * 90 + 100)
    #expect(throws: Self.timedOut) {
      try progress.nextLook(connection.pair.near, timeout: timeout, at: end)
    }
  }
}
