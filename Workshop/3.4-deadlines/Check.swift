import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that sends nothing is disconnected after ten seconds, not earlier") { silent() },
    Part("without clients, epoll_wait may sleep forever") { none() },
    Part("a client that sends a request every nine seconds stays") { regular() },
    Part("of three clients, only the one that has stalled is disconnected") { oneOfThree() },
    Part("a client that sends a request byte by byte has ten seconds for all of it") { drip() },
    Part("a client that has already left is not disconnected") { left() },
    Part("epoll_wait sleeps all the way to the deadline") { wholeSleep() },
    Part("a deadline that passed while the loop was busy") { late() },
    Part("a client has one entry in the heap, however busy it is") { oneEntry() },
    Part("all clients whose time is up are returned at once") { many() },
    Part("nothing is kept about a client that has left") { keepsNothing() },
    Part("with fifty thousand clients, a loop iteration costs no more than with one") { cheap() },
  ]

  static func silent() {
    var day = Day()
    day.at(0, connect)
    day.pass(until: 60)
    day.expectThrownOut(
      [1: 10], "a client sent nothing for a minute but was not disconnected after ten seconds",
      "Ten seconds after it connected, epoll_wait must wake up and expired must return the client."
    )
  }

  static func none() {
    let deadlines = Deadlines()
    expect(
      deadlines.timeout(at: 5_000_000), equals: -1,
      "there are no clients, but timeout did not return -1",
      "-1 means forever. With any other timeout, a process that has nothing to do keeps waking up.")
  }

  static func regular() {
    var day = Day()
    day.at(0, connect)
    for second in stride(from: 9, to: 90, by: 9) { day.at(second, request) }
    day.pass(until: 89)
    day.expectThrownOut(
      [:], "a client sent a request every nine seconds but was disconnected",
      "Each answer gives the client ten more seconds. Ten seconds after it connected, an entry "
        + "comes due, but that entry is out of date: the client's deadline has moved. Look up its "
        + "current deadline.")
    day.pass(until: 120)
    day.expectThrownOut(
      [1: 91],
      "a client got its last answer after 81 seconds and then sent nothing, but was not "
        + "disconnected ten seconds later",
      "If an entry comes due and the client's deadline has moved, put the entry back with the new "
        + "time, because it says when to check the client again."
    )
  }

  static func oneOfThree() {
    var day = Day()
    for client in 1...3 { day.at(0, client: client, connect) }
    for second in 1...30 {
      for client in [1, 3] {
        day.at(second, client: client, request)
      }
    }
    day.pass(until: 31)
    day.expectThrownOut(
      [2: 10],
      "clients 1 and 3 sent a request every second, client 2 sent none, and the wrong "
        + "clients were disconnected",
      "A client's activity must change its own deadline and no other client's.")
  }

  static func drip() {
    var day = Day()
    day.at(0, connect)
    for second in 5...50 { day.at(second, receive) }
    day.pass(until: 60)
    let (title, at) = (
      "a request started after five seconds and dripped in forever, and the client was not "
        + "disconnected on time",
      day.thrownOut
    )
    day.expectThrownOut(
      [1: 15], title,
      (at ?? 60) < 15
        ? "The client started its request after five seconds, and from then on it has ten seconds "
          + "to complete it. The ten seconds it had for starting a request no longer count, so "
          + "received must set a new deadline at the first byte."
        : "If each byte gives the client ten more seconds, it can stay forever by sending a byte "
          + "now and then, and a thousand such clients fill up the server. Count the time from "
          + "the first byte of the request."
    )
    var second = Day()
    second.at(0, connect)
    second.at(9, request)
    for time in 12...20 { second.at(time, receive) }
    second.pass(until: 60)
    second.expectThrownOut(
      [1: 22],
      "a client's second request started after twelve seconds and dripped in forever, and the "
        + "client was not disconnected on time",
      "The answer ends a request. The next byte is the first byte of the next request, and its ten "
        + "seconds start there."
    )
  }

  static func left() {
    var day = Day()
    day.at(0, connect)
    day.at(1, client: 2, connect)
    day.at(3) { deadlines, client, _ in deadlines.left(client) }
    day.pass(until: 60)
    day.expectThrownOut(
      [2: 11], "client 1 was disconnected, although it had left long before",
      "Its descriptor would be closed a second time, and by then it may belong to another client.")
  }

  static func wholeSleep() {
    var day = Day()
    day.at(0, connect)
    day.at(5, microseconds: 200, client: 2, connect)
    day.pass(until: 60)
    day.expectThrownOut(
      [1: 10, 2: 15], "two clients sent nothing but were not disconnected on time")
  }

  static func late() {
    var deadlines = Deadlines()
    deadlines.connected(1, at: 0)
    Events.start("the loop:")
    Events.add("9.99 s to 10.005 s: handles events")
    Events.add("10.005 s: asks for the timeout")
    expect(
      deadlines.timeout(at: 10_005_000), equals: 0,
      "client 1's time has been up for 5 ms, but the timeout lets epoll_wait sleep",
      "A timeout below 0 means forever, so client 1 stays until another client sends something. A "
        + "deadline that has passed is due now: return 0, not less.")
  }

  static func oneEntry() {
    var day = Day()
    day.at(0, connect)
    for number in 1...1000 { day.at(0, microseconds: number * 2000, request) }
    day.pass(until: 5)
    expect(
      Heap.largest <= 2, "the heap has \(Heap.largest) entries for one client",
      "The client sent a thousand requests in two seconds. With an entry for each, the heap grows "
        + "with the server's load. One entry is enough: when it comes due, put it back with the "
        + "current deadline.")
    expect(
      Heap.largest > 0, "the heap is not used",
      "Looking through ten thousand clients in each loop iteration costs more than serving them."
    )
  }

  static func many() {
    var deadlines = Deadlines()
    for client in 1...100 { deadlines.connected(client, at: client % 7) }
    expect(
      deadlines.expired(at: 10_000_006).sorted(), equals: Array(1...100),
      "a hundred clients were out of time, but expired did not return exactly those clients",
      "Several deadlines can pass in the same loop iteration. Keep checking the heap's first entry "
        + "until you find one that is not due.")
    expect(
      deadlines.expired(at: 30_000_000), equals: [],
      "expired returned clients that it had already returned",
      "The loop has closed those clients. Returning them again makes it close descriptors that "
        + "may belong to other clients by now."
    )
  }

  /// A thousand clients connect, send requests, and leave.
  static func keepsNothing() {
    var deadlines = Deadlines()
    for client in 1...1000 {
      let now = client * 1_000_000
      _ = deadlines.expired(at: now)
      deadlines.connected(client, at: now)
      deadlines.received(client, at: now)
      if client % 2 == 0 { deadlines.answered(client, at: now) }
      if client % 3 > 0 { deadlines.left(client) }
    }
    _ = deadlines.expired(at: 2_000_000_000)
    let kept = keptElements(in: deadlines)
    expect(
      kept == 0, "a thousand clients came and went, and the collections still hold data about them",
      "Client numbers are never reused, so whatever stays in a dictionary, a set, or the heap "
        + "stays forever. When a client leaves or is disconnected, remove it from all of them. (An "
        + "entry in the heap may stay until it comes due.)",
      expected: "0 elements", happened: "\(kept) elements")
  }

  /// Measures processor time, which other programs do not affect. The limit allows for a machine
  /// that is a hundred times slower.
  static func cheap() {
    var deadlines = Deadlines()
    let count = 50_000
    for client in 1...count { deadlines.connected(client, at: client) }
    Waiting.for("expired and timeout to return, with \(count) clients and none of them due") {
      var used = 0.0
      for _ in 1...200 {
        used += processorTime {
          for now in 1...10 {
            _ = deadlines.expired(at: now)
            _ = deadlines.timeout(at: now)
          }
        }
        expect(
          used < 0.3, "expired or timeout looks through all clients",
          "There are \(count) clients, and none of them is due. The heap knows the earliest "
            + "deadline: if its first entry is not due, no other entry is.")
      }
    }
  }

  static func connect(_ deadlines: inout Deadlines, _ client: Int, _ now: Int) {
    deadlines.connected(client, at: now)
  }

  static func receive(_ deadlines: inout Deadlines, _ client: Int, _ now: Int) {
    deadlines.received(client, at: now)
  }

  /// A complete request and its answer.
  static func request(_ deadlines: inout Deadlines, _ client: Int, _ now: Int) {
    deadlines.received(client, at: now)
    deadlines.answered(client, at: now)
  }
}

extension Check {
  /// An event loop whose clock the check sets.
  struct Day {
    typealias Event = (_ deadlines: inout Deadlines, _ client: Int, _ now: Int) -> Void

    private var deadlines = Deadlines()
    private var script: [(time: Int, client: Int, event: Event)] = []
    private var now = 0
    /// The clients that were disconnected, and in which second.
    private var closed: [Int: Int] = [:]
    var thrownOut: Int? { closed.values.min() }
    private var idleTurns = 0

    init() {
      Heap.largest = 0
      Events.start("the loop:")
    }

    mutating func at(
      _ second: Int, microseconds: Int = 0, client: Int = 1, _ event: @escaping Event
    ) {
      script.append((second * 1_000_000 + microseconds, client, event))
    }

    /// Runs the loop: sleeps until an event arrives or the timeout ends, handles the event, and
    /// checks for deadlines that have passed.
    mutating func pass(until second: Int) {
      let end = second * 1_000_000
      while now < end {
        let timeout = deadlines.timeout(at: now)
        var wake = timeout < 0 ? end : min(end, now + timeout * 1000)
        if let next = script.first { wake = min(wake, next.time) }
        takeTurn(at: wake, timeout)
      }
    }

    private mutating func takeTurn(at wake: Int, _ timeout: Int) {
      let isEvent = script.first?.time == wake
      Events.add(
        "\(text(now)): epoll_wait(timeout \(timeout) ms) until \(text(wake))"
          + (isEvent ? ", an event" : ""))
      idleTurns = wake == now && !isEvent ? idleTurns + 1 : 0
      now = wake
      while let next = script.first, next.time <= now {
        script.removeFirst()
        if closed[next.client] == nil { next.event(&deadlines, next.client, now) }
      }
      for client in deadlines.expired(at: now) {
        idleTurns = 0
        Events.add("\(text(now)): client \(client) is disconnected")
        closed[client] = now / 1_000_000
      }
      if idleTurns >= 3 { failSpinning() }
    }

    /// Explains why the timeout is 0 and `expired` returns no client.
    private func failSpinning() -> Never {
      var later = deadlines
      if !later.expired(at: now + 1).isEmpty {
        fail(
          "the loop spins: a deadline is exactly now, but expired did not return the client",
          "The timeout is 0 because the client's time is up, but expired disagrees. A deadline "
            + "that equals now has passed: compare with <=, not <.")
      }
      expect(
        !later.expired(at: now + 1000).isEmpty,
        "the loop spins: the heap's first entry is out of date, and expired did not remove it",
        "The timeout is computed from that entry, so it is 0. When an entry comes due, remove it "
          + "from the heap, even if the client has left or has more time by now.")
      fail(
        "the loop wakes up too early and spins",
        "The timeout is 0, although no client's time is up yet. If a deadline is 0.8 ms away, the "
          + "timeout must be 1 ms: round up."
      )
    }

    func expectThrownOut(_ expected: [Int: Int], _ problem: String, _ why: String = "") {
      if closed == expected { return }
      fail(problem, why, expected: text(expected), happened: text(closed))
    }

    private func text(_ closed: [Int: Int]) -> String {
      if closed.isEmpty { return "no client is disconnected" }
      return closed.sorted { $0.key < $1.key }
        .map { "client \($0.key) is disconnected after \($0.value) s" }.joined(separator: ", ")
    }

    private func text(_ time: Int) -> String {
      var digits = String(time % 1_000_000 + 1_000_000).dropFirst()
      while digits.last == "0" { digits.removeLast() }
      return "\(time / 1_000_000)" + (digits.isEmpty ? "" : ".\(digits)") + " s"
    }
  }
}

/// A heap of entries, smallest time first.
struct Heap {
  /// The peak number of entries.
  nonisolated(unsafe) fileprivate static var largest = 0
  private var entries: [(time: Int, client: Int)] = []

  var first: (time: Int, client: Int)? { entries.first }

  mutating func insert(_ time: Int, _ client: Int) {
    var child = entries.count
    entries.append((time, client))
    while child > 0 && entries[child].time < entries[(child - 1) / 2].time {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
    Self.largest = max(Self.largest, entries.count)
  }

  mutating func removeFirst() {
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      let children = (2 * parent + 1...2 * parent + 2).filter { $0 < entries.count }
      guard let least = children.min(by: { entries[$0].time < entries[$1].time }),
        entries[least].time < entries[parent].time
      else { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
