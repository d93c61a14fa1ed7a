import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite(.timeLimit(.minutes(5))) struct PollerTests {
  /// A poller that watches one end of a pair. Both ends are in this process, so what is sent
  /// arrives at once, and no wait is needed.
  private struct Watch: ~Copyable {
    let poller: Poller
    let pair: SocketPair
    var events = ReadyEvents(capacity: 4)

    init(_ trigger: Trigger, _ interest: Interest = .readable) throws {
      let poller = try Poller()
      let pair = try SocketPair(nonBlocking: true)
      try poller.register(
        pair.near.descriptor.number, token: Token(index: 12, generation: 0xFFFF_FFF0),
        interest: interest, trigger: trigger)
      self.poller = poller
      self.pair = pair
    }

    /// How many times the descriptor is reported now.
    mutating func reports() throws -> Int {
      try poller.wait(for: &events, until: .now)
      return events.count
    }
  }

  @Test("With a level trigger, readiness is reported as long as it lasts")
  func level() throws {
    var watch = try Watch(.level)
    var reports = [try watch.reports()]
    _ = try watch.pair.far.send("ab")
    reports += [try watch.reports(), try watch.reports()]
    _ = try watch.pair.near.receiveText(atMost: 1)
    reports.append(try watch.reports())
    _ = try watch.pair.near.receiveText()
    reports.append(try watch.reports())
    #expect(reports == [0, 1, 1, 1, 0])
  }

  @Test("With an edge trigger, readiness is reported once, and again when more arrives")
  func edge() throws {
    var watch = try Watch(.edge)
    _ = try watch.pair.far.send("ab")
    var reports = [try watch.reports(), try watch.reports()]
    _ = try watch.pair.near.receiveText(atMost: 1)
    reports.append(try watch.reports())
    _ = try watch.pair.far.send("c")
    reports += [try watch.reports(), try watch.reports()]
    #expect(reports == [1, 0, 0, 1, 0])
  }

  @Test("Registering again reports what is already ready, with the new token")
  func reregister() throws {
    var watch = try Watch(.edge)
    _ = try watch.pair.far.send("x")
    var reports = [try watch.reports(), try watch.reports()]
    let token = Token(index: 1, generation: 2)
    try watch.poller.reregister(
      watch.pair.near.descriptor.number, token: token, interest: [.readable, .writable])
    reports.append(try watch.reports())
    #expect(reports == [1, 0, 1])
    let event = watch.events[0]
    #expect(event.token == token)
    #expect(event.isReadable && event.isWritable)
  }

  @Test("An event carries the token of its registration, index and generation")
  func token() throws {
    var watch = try Watch(.edge)
    _ = try watch.pair.far.send("x")
    try watch.poller.wait(for: &watch.events)
    let event = watch.events[0]
    #expect(event.token.index == 12)
    #expect(event.token.generation == 0xFFFF_FFF0)
    #expect(event.isReadable && !event.isWritable && !event.isReadClosed && !event.isHangUp)
    let extreme = Token(index: .max, generation: 0)
    #expect(Token(rawValue: extreme.rawValue) == extreme)
  }

  @Test("A peer that finished sending is distinguished from one that closed")
  func peerClosed() throws {
    var watch = try Watch(.level)
    _ = try watch.pair.far.send("bye")
    watch.pair.far.shutdownWriting()
    let finished = try watch.reports()
    let event = watch.events[0]
    #expect(finished == 1)
    #expect(event.isReadable && event.isReadClosed && !event.isHangUp)
    watch.pair.far.shutdown()
    let gone = try watch.reports()
    let last = watch.events[0]
    #expect(gone == 1)
    #expect(last.isReadable && last.isReadClosed && last.isHangUp && last.isWritable)
  }

  @Test("Room to send is reported if asked for, and again after the buffer was full")
  func writable() throws {
    var watch = try Watch(.edge, .writable)
    var reports = [try watch.reports(), try watch.reports()]
    let chunk = String(repeating: "x", count: 1 << 20)
    while try watch.pair.near.send(chunk) != nil {}
    reports.append(try watch.reports())
    watch.pair.far.discardInput()
    reports.append(try watch.reports())
    #expect(reports == [1, 0, 0, 1])
    let event = watch.events[0]
    #expect(event.isWritable && !event.isReadable)
  }

  @Test("A descriptor can be registered only once, and an invalid one not at all")
  func registerErrors() throws {
    let watch = try Watch(.edge)
    let number = watch.pair.near.descriptor.number
    #expect(throws: SystemError(call: "epoll_ctl", code: EEXIST)) {
      try watch.poller.register(number, token: Token(index: 0, generation: 0), interest: .readable)
    }
    #expect(throws: SystemError(call: "epoll_ctl", code: EBADF)) {
      try watch.poller.register(-1, token: Token(index: 0, generation: 0), interest: .readable)
    }
  }

  @Test("If more is ready than there is room for, the next wait reports the rest")
  func room() throws {
    let poller = try Poller()
    let pairs = [try Held(), try Held(), try Held()]
    for (index, held) in pairs.enumerated() {
      let token = Token(index: UInt32(index), generation: 0)
      try poller.register(held.pair.near.descriptor.number, token: token, interest: .writable)
    }
    var events = ReadyEvents(capacity: 2)
    var seen: [[UInt32]] = []
    for _ in 0..<3 {
      try poller.wait(for: &events, until: .now)
      seen.append((0..<events.count).map { events[$0].token.index })
    }
    #expect(seen.map(\.count) == [2, 1, 0])
    #expect(seen.joined().sorted() == [0, 1, 2])
  }

  private final class Held {
    let pair: SocketPair
    init() throws { pair = try SocketPair() }
  }

  @Test("A stop is an event like any other, and stays one")
  func stopSignal() throws {
    let poller = try Poller()
    let stop = try StopSignal()
    let token = Token(index: 7, generation: 7)
    try poller.register(stop.descriptor, token: token, interest: .readable, trigger: .level)
    var events = ReadyEvents()
    try poller.wait(for: &events, until: .now)
    #expect(events.count == 0)
    stop.request()
    for _ in 0..<2 {
      try poller.wait(for: &events)
      #expect(events.count == 1)
      #expect(events[0].token == token)
    }
  }
}
