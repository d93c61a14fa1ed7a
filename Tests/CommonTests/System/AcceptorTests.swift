import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// A listener on an event loop, and how it behaves when descriptors run out.
@Suite(.timeLimit(.minutes(5))) struct EntranceTests {
  private struct Door: ~Copyable {
    let poller: Poller
    let acceptor: Acceptor
    let address: SocketAddress
    var timers = Timers()
    var events = ReadyEvents()

    init() throws {
      let poller = try Poller()
      let listener = try Listener(host: "127.0.0.1", port: 0)
      let address = listener.address
      let acceptor = try Acceptor(listener, poller)
      self.poller = poller
      self.acceptor = acceptor
      self.address = address
    }

    /// How many times the loop is woken now.
    mutating func wakeUps() throws -> Int {
      try poller.wait(for: &events, until: .now)
      for index in 0..<events.count { #expect(events[index].token == acceptor.token) }
      return events.count
    }

    mutating func accepts() throws -> Bool { try acceptor.accept(poller, &timers) != nil }
  }

  @Test("Clients are accepted one at a time, and waiting clients are reported again")
  func comeIn() throws {
    var door = try Door()
    #expect(door.acceptor.token.generation == 0, "no client has this token")
    var seen = [try door.wakeUps()]
    let first = try Socket(connectedTo: door.address)
    let second = try Socket(connectedTo: door.address)
    seen += [try door.wakeUps(), try door.wakeUps()]
    var accepted = [try door.accepts()]
    seen.append(try door.wakeUps())
    accepted += [try door.accepts(), try door.accepts()]
    seen.append(try door.wakeUps())
    #expect(seen == [0, 1, 1, 1, 0])
    #expect(accepted == [true, true, false])
    #expect(door.timers.count == 0, "an empty backlog is not a shortage")
    first.shutdown()
    second.shutdown()
  }

  /// The test changes what the whole process may do, so it runs in its own process.
  @Test("When descriptors run out the acceptor stops watching, and a timer makes it look again")
  func shortage() async {
    await #expect(processExitsWith: .success) {
      var door = try Door()
      let client = try Socket(connectedTo: door.address)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      var limit = rlimit()
      getrlimit(resource, &limit)
      var few = rlimit(rlim_cur: 3, rlim_max: limit.rlim_max)
      setrlimit(resource, &few)
      for round in 1...3 {
        // A client waits, and the loop is told once, not again and again.
        #expect(try door.wakeUps() == 1, "round \(round)")
        let before = Instant.now
        #expect(try !door.accepts())
        #expect(try [door.wakeUps(), door.wakeUps()] == [0, 0], "round \(round)")
        // The timer wakes it up exactly once, and not early.
        #expect(door.timers.count == 1)
        #expect(door.timers.earliest >= before + .milliseconds(50))
        try door.poller.wait(for: &door.events, until: door.timers.earliest)
        #expect(door.events.count == 0)
        #expect(door.timers.removeDue(at: .now)?.token == door.acceptor.token)
        try door.acceptor.reopen(door.poller)
      }
      setrlimit(resource, &limit)
      #expect(try door.wakeUps() == 1)
      #expect(try door.accepts())
      #expect(door.timers.count == 0)
      client.shutdown()
    }
  }
}
