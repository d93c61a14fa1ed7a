import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite(.timeLimit(.minutes(5))) struct SocketTests {
  @Test("One end receives what the other sends, as much as it has room for")
  func bytesGoThrough() throws {
    let pair = try SocketPair()
    #expect(try pair.near.send("hello") == 5)
    #expect(try pair.far.receiveText(atMost: 3) == "hel")
    #expect(try pair.far.receiveText() == "lo")
    var room = [UInt8](repeating: 0, count: 5)
    #expect(try pair.far.send("raw") == 3)
    let count = try room.withUnsafeMutableBytes { try pair.near.receive(into: $0) }
    #expect(count == 3 && room == bytes("raw\0\0"))
  }

  @Test("Sending a slice of an array sends only that slice")
  func parts() throws {
    let pair = try SocketPair()
    #expect(try pair.near.send(bytes("abcdef"), 2..<5) == 3)
    #expect(try pair.far.receiveText() == "cde")
  }

  @Test("On a non-blocking socket, no input is nil, and so is no room")
  func notNow() throws {
    let pair = try SocketPair(nonBlocking: true)
    #expect(try pair.far.receiveText() == nil)
    let chunk = String(repeating: "x", count: 1 << 20)
    var sent = 0
    while let count = try pair.near.send(chunk) { sent += count }
    #expect(sent > 0 && sent < chunk.utf8.count, "the kernel took a part")
    #expect(try pair.far.receiveText() == String(repeating: "x", count: 100))
  }

  @Test("The end of the stream follows the bytes of a peer that closed")
  func peerClosed() throws {
    let near = try SocketPair().takeNear()
    #expect(try near.receiveText() == "")
    let pair = try SocketPair()
    _ = try pair.far.send("bye")
    pair.far.shutdownWriting()
    #expect(try pair.near.receiveText() == "bye")
    #expect(try pair.near.receiveText() == "")
    #expect(try pair.near.send("still here") == 10)
    #expect(try pair.far.receiveText() == "still here")
  }

  @Test("Sending to a peer that closed throws an error and raises no signal")
  func brokenPipe() throws {
    let near = try SocketPair().takeNear()
    #expect(throws: SystemError(call: "send", code: EPIPE)) { try near.send("x") }
    #expect(throws: SystemError(call: "send", code: EPIPE)) { try near.sendAll([1]) }
  }

  @Test("A shutdown ends both directions and leaves the descriptor open")
  func shutdown() throws {
    let pair = try SocketPair()
    pair.near.shutdown()
    #expect(try pair.near.receiveText() == "")
    #expect(try pair.far.receiveText() == "")
    #expect(throws: SystemError(call: "send", code: EPIPE)) { try pair.near.send("x") }
    #expect(fcntl(pair.near.descriptor.number, F_GETFD) != -1)
  }

  @Test("Discarding input does not wait for more")
  func discard() throws {
    let pair = try SocketPair()
    try pair.near.sendAll([UInt8](repeating: 1, count: 10_000))
    pair.far.discardInput()
    pair.far.discardInput()
    _ = try pair.near.send("next")
    #expect(try pair.far.receiveText() == "next")
  }

  /// A number so high that no other test gets it at the same time.
  private static func duplicate(_ socket: borrowing Socket) throws -> Int32 {
    let number = socket.descriptor.number
    return try check("fcntl") { fcntl(number, F_DUPFD_CLOEXEC, 800) }
  }

  @Test("A descriptor is open as long as it has an owner, and closed after that")
  func ownership() throws {
    let pair = try SocketPair(nonBlocking: true)
    let number = try Self.duplicate(pair.near)
    func isOpen(_ socket: consuming Socket) -> Bool {
      fcntl(socket.descriptor.number, F_GETFD) != -1
    }
    let wasOpen = isOpen(Socket(Descriptor(owning: number)))
    #expect(wasOpen)
    #expect(fcntl(number, F_GETFD) == -1 && errno == EBADF)
  }

  @Test("A wait for bytes ends with bytes, at its deadline, or with a stop, which takes precedence")
  func arrivals() throws {
    let pair = try SocketPair()
    let past = Instant(nanoseconds: 0)
    #expect(try pair.far.arrival(until: past) == "timedOut")
    #expect(try pair.far.arrival(until: .now + .milliseconds(1)) == "timedOut")
    let stop = try StopSignal()
    #expect(try pair.far.arrival(until: past, unless: stop) == "timedOut")
    #expect(!stop.isRequested)
    stop.request()
    #expect(stop.isRequested)
    #expect(try pair.far.arrival(until: .distantFuture, unless: stop) == "stopping")
    #expect(try pair.far.arrival(until: .distantFuture, unless: stop) == "stopping", "a stop lasts")
    _ = try pair.near.send("hi")
    #expect(try pair.far.arrival(until: .distantFuture, unless: stop) == "stopping")
    #expect(
      try pair.far.arrival(until: past) == "timedOut", "a deadline that has passed takes precedence"
    )
    #expect(try pair.far.arrival(until: .now + .milliseconds(1)) == "bytes(2)")
    pair.near.shutdownWriting()
    #expect(try pair.far.arrival(until: .distantFuture) == "bytes(0)")
  }

  @Test("A pause lasts until its end, or until the peer hangs up")
  func pause() throws {
    let pair = try SocketPair()
    _ = try pair.near.send("bytes do not end a pause")
    pair.near.shutdownWriting()
    try pair.far.pause(until: .now + .milliseconds(1))
    pair.near.shutdown()
    #expect(throws: SystemError(call: "poll", code: ECONNRESET)) {
      try pair.far.pause(until: .distantFuture)
    }
  }

  @Test("A stop wakes a thread that blocks for bytes")
  func stopWakesReceive() throws {
    let stop = try StopSignal()
    let reader = try Background {
      let pair = try SocketPair()
      return try pair.far.arrival(until: .distantFuture, unless: stop)
    }
    reader.waitUntilBlocked()
    stop.request()
    #expect(try reader.value() == "stopping")
  }
}
