import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// What is remembered about a socket that a poller watches with an edge trigger. The socket is
/// real, and its peer is in this process.
@Suite(.timeLimit(.minutes(5))) struct ReadinessTests {
  private struct Watch: ~Copyable {
    let poller: Poller
    let pair: SocketPair
    var readiness: Readiness = [.mayRead, .mayWrite]
    var events = ReadyEvents(capacity: 4)
    var buffer = [UInt8](repeating: 0, count: 8)

    init() throws {
      let poller = try Poller()
      let pair = try SocketPair(nonBlocking: true)
      try poller.register(
        pair.near.descriptor.number, token: Token(index: 1, generation: 1),
        interest: [.readable, .writable])
      self.poller = poller
      self.pair = pair
    }

    /// Takes over what the kernel reports now; returns the number of events.
    mutating func poll() throws -> Int {
      try poller.wait(for: &events, until: .now)
      for index in 0..<events.count { readiness.update(with: events[index]) }
      return events.count
    }

    mutating func read() throws -> String? {
      try readiness.receive(from: pair.near, into: &buffer).map { text(buffer.prefix($0)) }
    }
  }

  @Test("A new socket may be readable and writable")
  func beginning() throws {
    var watch = try Watch()
    #expect(watch.readiness.contains(.mayRead) && watch.readiness.contains(.mayWrite))
    #expect(try watch.read() == nil)
    #expect(!watch.readiness.contains(.mayRead))
  }

  @Test("A short read ends the drain without another call; a full one does not")
  func drain() throws {
    var watch = try Watch()
    _ = try watch.pair.far.send("01234567abc")
    #expect(try watch.poll() == 1)
    #expect(try watch.read() == "01234567")
    #expect(watch.readiness.contains(.mayRead), "there may be more")
    #expect(try watch.read() == "abc")
    #expect(!watch.readiness.contains(.mayRead), "there was room for more")
    // Without an event the kernel is not asked, even if it had something to give.
    _ = try watch.pair.far.send("next")
    #expect(try watch.read() == nil)
    #expect(try watch.poll() == 1)
    #expect(try watch.read() == "next")
  }

  @Test("An edge that arrives between reads is remembered")
  func remembered() throws {
    var watch = try Watch()
    #expect(try watch.read() == nil)
    _ = try watch.pair.far.send("early")
    #expect(try watch.poll() == 1)
    #expect(try watch.poll() == 0, "it is not reported again")
    watch.readiness.remove(.mayWrite)
    #expect(try watch.read() == "early")
  }

  @Test("The end of the stream after bytes is found, although it has no separate event")
  func endBehindBytes() throws {
    var watch = try Watch()
    _ = try watch.pair.far.send("bye")
    watch.pair.far.shutdownWriting()
    #expect(try watch.poll() == 1)
    #expect(try watch.read() == "bye")
    #expect(try watch.poll() == 0)
    #expect(try watch.read() == "")
  }

  @Test("An end of stream after a short read is a separate edge")
  func endAfterwards() throws {
    var watch = try Watch()
    _ = try watch.pair.far.send("bye")
    #expect(try watch.poll() == 1)
    #expect(try watch.read() == "bye")
    #expect(try watch.read() == nil)
    watch.pair.far.shutdownWriting()
    #expect(try watch.poll() == 1)
    #expect(try watch.read() == "")
  }

  @Test("New room to send is reported by an event, and is not mistaken for bytes")
  func room() throws {
    var watch = try Watch()
    let chunk = String(repeating: "x", count: 100_000)
    while try watch.pair.near.send(chunk) != nil {}
    _ = try watch.poll()
    watch.readiness = []
    while try watch.pair.far.receiveText(atMost: 1 << 20) != nil {}
    #expect(try watch.poll() == 1)
    #expect(watch.readiness.contains(.mayWrite) && !watch.readiness.contains(.mayRead))
  }

  @Test("A broken connection counts as readable and writable, and the next call reports the error")
  func broken() throws {
    var watch = try Watch()
    _ = try watch.poll()
    watch.readiness = []
    watch.pair.far.shutdown()
    #expect(try watch.poll() == 1)
    #expect(watch.readiness.contains(.mayRead) && watch.readiness.contains(.mayWrite))
    #expect(try watch.read() == "")
    #expect(throws: SystemError(call: "send", code: EPIPE)) { try watch.pair.near.send("x") }
  }

  @Test("A hang-up that arrives together with bytes is remembered")
  func hangUp() throws {
    var watch = try Watch()
    _ = try watch.pair.far.send("bytes")
    watch.pair.far.shutdown()
    #expect(try watch.poll() == 1)
    #expect(try watch.read() == "bytes")
    #expect(watch.readiness.contains(.isHungUp))
    #expect(try watch.poll() == 0, "no other event reports it")
  }
}
