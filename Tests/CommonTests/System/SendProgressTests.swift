import Glibc
import TestSupport
import Testing

@testable import Common

/// The send deadline, with the time that the test says it is.
@Suite(.timeLimit(.minutes(5))) struct SendProgressTests {
  /// A connection of which the kernel takes no more, because the peer's buffer and ours are full.
  private struct FullConnection: ~Copyable {
    let near: Socket
    let far: Socket

    init() throws {
      let listener = try Listener(host: "127.0.0.1", port: 0)
      try listener.descriptor.setOption(SOL_SOCKET, SO_RCVBUF, 4096)
      let far = try Socket(connectedTo: listener.address)
      let near = try listener.acceptOne(nonBlocking: true)
      try near.descriptor.setOption(SOL_SOCKET, SO_SNDBUF, 1 << 20)
      let chunk = [UInt8](repeating: 1, count: 1 << 20)
      while try near.send(chunk, 0..<chunk.count) != nil {}
      self.near = near
      self.far = far
    }

    /// Reads until our kernel has heard that the peer took something.
    func read() throws {
      let before = near.unacknowledgedBytes
      var buffer = [UInt8](repeating: 0, count: 4096)
      while near.unacknowledgedBytes == before { _ = try far.receive(into: &buffer) }
    }
  }

  private func milliseconds(_ count: UInt64) -> Instant { Instant(nanoseconds: count * 1_000_000) }

  @Test("A peer that takes nothing is given up when the timeout is over, not earlier")
  func silence() throws {
    let connection = try FullConnection()
    var progress = SendProgress(connection.near, at: milliseconds(0))
    let timeout = Duration.milliseconds(100)
    for (now, look) in [(0, 25), (25, 50), (50, 75), (90, 100), (99, 100)] as [(UInt64, UInt64)] {
      let next = progress.nextLook(connection.near, timeout: timeout, at: milliseconds(now))
      #expect(next == milliseconds(look))
    }
    #expect(progress.nextLook(connection.near, timeout: timeout, at: milliseconds(100)) == nil)
  }

  @Test("A peer that takes a few bytes from time to time is not given up, however long it takes")
  func steadiness() throws {
    let connection = try FullConnection()
    var progress = SendProgress(connection.near, at: milliseconds(0))
    let timeout = Duration.milliseconds(100)
    for step in 1...20 as ClosedRange<UInt64> {
      try connection.read()
      let now = milliseconds(step * 90)
      #expect(progress.nextLook(connection.near, timeout: timeout, at: now) != nil)
    }
    let end = milliseconds(20 * 90 + 100)
    #expect(progress.nextLook(connection.near, timeout: timeout, at: end) == nil)
  }
}
