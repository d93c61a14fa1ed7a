import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that says nothing is thrown out after ten seconds, and not before") { silent() },
    Part("with no client there, epoll_wait may sleep forever") { none() },
    Part("a client that asks every nine seconds stays") { regular() },
    Part("of three clients only the one that has stalled is thrown out") { oneOfThree() },
    Part("a client that sends a request byte by byte has ten seconds for all of it") { drip() },
    Part("a client that has left is not thrown out") { left() },
    Part("epoll_wait sleeps until the deadline, and not a bit shorter") { wholeSleep() },
    Part("a deadline that has passed while the loop was busy") { late() },
    Part("a client costs one entry, however busy it is") { oneEntry() },
    Part("all clients whose time is over are named at once") { many() },
    Part("of a client that has left, nothing is kept") { keepsNothing() },
    Part("with fifty thousand clients, a loop iteration costs no more than with one") { cheap() },
  ]

  static func silent() {
    var day = Day()
    day.at(0, connect)
    day.pass(until: 60)
    day.expectThrownOut(
      [1: 10], "a client says nothing for a minute, and this is what happens",
      "Ten seconds after it has connected, epoll_wait has to wake up, and expired has to name the "
        + "client."
    )
  }

  static func none() {
    let deadlines = Deadlines()
    expect(
      deadlines.timeout(at: 5_000_000), equals: -1,
      "with no client there is nothing to wake up for",
      "-1 means forever. Any other timeout wakes a process that has nothing to do.")
  }

  static func regular() {
    var day = Day()
    day.at(0, connect)
    for second in stride(from: 9, to: 90, by: 9) { day.at(second, request) }
    day.pass(until: 89)
    day.expectThrownOut(
      [:], "a client asks every nine seconds, and is thrown out",
      "With each answer its ten seconds start again. Ten seconds after it connected an entry "
        + "comes up, but the entry is "
        + "old, and its deadline has moved: look up what holds now.")
    day.pass(until: 120)
    day.expectThrownOut(
      [1: 91], "its last answer was after 81 seconds, then it said nothing",
      "When an entry comes up and the deadline has moved, put the entry back with the new time: "
        + "it says when to look again."
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
      [2: 10], "clients 1 and 3 ask every second, client 2 never does",
      "What one client does changes its own deadline, and no other.")
  }

  static func drip() {
    var day = Day()
    day.at(0, connect)
    for second in 5...50 { day.at(second, receive) }
    day.pass(until: 60)
    let (title, at) = (
      "a request drips in, one byte a second from the fifth on, and never ends", day.thrownOut
    )
    day.expectThrownOut(
      [1: 15], title,
      (at ?? 60) < 15
        ? "It began in the fifth second, and from its first byte it has ten seconds. The ten "
          + "seconds that it had to begin a "
          + "request are over then: received has to set a new deadline at the first byte."
        : "If with each byte it gets another ten seconds, a client can stay forever at the price "
          + "of a byte now and then. A "
          + "thousand of those, and the server is full. The time runs from the first byte of the "
          + "request."
    )
    var second = Day()
    second.at(0, connect)
    second.at(9, request)
    for time in 12...20 { second.at(time, receive) }
    second.pass(until: 60)
    second.expectThrownOut(
      [1: 22],
      "the first request is answered, and the second one drips in from the twelfth second on",
      "With its answer a request is over. The next bytes are the first ones of the next request, "
        + "and start its ten seconds."
    )
  }

  static func left() {
    var day = Day()
    day.at(0, connect)
    day.at(1, client: 2, connect)
    day.at(3) { deadlines, client, _ in deadlines.left(client) }
    day.pass(until: 60)
    day.expectThrownOut(
      [2: 11], "client 1 is thrown out, and has left long ago",
      "Its descriptor is closed a second time, and by then it may belong to another client.")
  }

  static func wholeSleep() {
    var day = Day()
    day.at(0, connect)
    day.at(5, microseconds: 200, client: 2, connect)
    day.pass(until: 60)
    day.expectThrownOut([1: 10, 2: 15], "two clients say nothing")
  }

  static func late() {
    var deadlines = Deadlines()
    deadlines.connected(1, at: 0)
    Events.start("the loop:")
    Events.add("9.99 s to 10.005 s: handles events")
    Events.add("10.005 s: asks for the timeout")
    expect(
      deadlines.timeout(at: 10_005_000), equals: 0,
      "client 1's time has been over for 5 ms, and epoll_wait is told to sleep",
      "A timeout below 0 means forever: client 1 stays until another client sends something. What "
        + "is late already is due now: "
        + "return 0, and not less.")
  }

  static func oneEntry() {
    var day = Day()
    day.at(0, connect)
    for number in 1...1000 { day.at(0, microseconds: number * 2000, request) }
    day.pass(until: 5)
    expect(
      Heap.largest <= 2, "the heap has \(Heap.largest) entries for one client",
      "It has sent a thousand requests in two seconds. With an entry for each, the heap is as "
        + "large as the server is busy. "
        + "One entry is enough: when it comes up, put it back to where the deadline is now.")
    expect(
      Heap.largest > 0, "the heap is not used",
      "To look through ten thousand clients in each loop iteration costs more than to serve them."
    )
  }

  static func many() {
    var deadlines = Deadlines()
    for client in 1...100 { deadlines.connected(client, at: client % 7) }
    expect(
      deadlines.expired(at: 10_000_006).sorted(), equals: Array(1...100),
      "the time of a hundred clients is over, and expired names others",
      "Several deadlines can pass in the same loop iteration. Look at the heap's first entry "
        + "again and again until it is not "
        + "due.")
    expect(
      deadlines.expired(at: 30_000_000), equals: [],
      "clients are named that were thrown out before",
      "The loop has closed them. To name them again closes descriptors that may belong to other "
        + "clients by now."
    )
  }

  /// A thousand clients come, ask and leave.
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
      kept == 0, "a thousand clients came and went, and something is kept of them",
      "Numbers are never used again, so what stays in a dictionary, a set or the heap stays "
        + "forever. When a client leaves or is "
        + "thrown out, remove it from all of them. (An entry of the heap may stay until it comes "
        + "up.)",
      expected: "0 elements", happened: "\(kept) elements")
  }

  /// Time of the processor, which other programs do not change: it is enough for some hundred times
  /// as much.
  static func cheap() {
    var deadlines = Deadlines()
    let count = 50_000
    for client in 1...count { deadlines.connected(client, at: client) }
    Waiting.for("expired and timeout, with \(count) clients of which none is due") {
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
          "There are \(count) clients, and none is due. The heap knows the smallest deadline: if "
            + "its first entry is not due, no "
            + "other one is.")
      }
    }
  }

  static func connect(_ deadlines: inout Deadlines, _ client: Int, _ now: Int) {
    deadlines.connected(client, at: now)
  }

  static func receive(_ deadlines: inout Deadlines, _ client: Int, _ now: Int) {
    deadlines.received(client, at: now)
  }

  /// A whole request, and its answer.
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
    /// The clients that were thrown out, and in which second.
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

    /// Iterations of the loop: sleep until something happens or the timeout is over, handle it,
    /// look for deadlines.
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
        Events.add("\(text(now)): client \(client) is thrown out")
        closed[client] = now / 1_000_000
      }
      if idleTurns >= 3 { failSpinning() }
    }

    /// The timeout is 0, and `expired` names no client.
    private func failSpinning() -> Never {
      var later = deadlines
      if !later.expired(at: now + 1).isEmpty {
        fail(
          "the loop spins: a deadline is exactly now, and expired does not name the client",
          "The timeout is 0 because the time is over, and expired finds that it is not. A "
            + "deadline that is now has passed: <=, "
            + "not <.")
      }
      expect(
        !later.expired(at: now + 1000).isEmpty,
        "the loop spins: an old entry is the first of the heap, and expired leaves it there",
        "The timeout comes from that entry, so it is 0. When an entry comes up, take it out, even "
          + "if the client has left or "
          + "has more time by now.")
      fail(
        "the loop wakes up too early, and spins",
        "The timeout is 0 and no client's time is over yet. A deadline that is 0.8 ms away is a "
          + "timeout of 1 ms: round up."
      )
    }

    func expectThrownOut(_ expected: [Int: Int], _ problem: String, _ why: String = "") {
      if closed == expected { return }
      fail(problem, why, expected: text(expected), happened: text(closed))
    }

    private func text(_ closed: [Int: Int]) -> String {
      if closed.isEmpty { return "no client is thrown out" }
      return closed.sorted { $0.key < $1.key }
        .map { "client \($0.key) is thrown out after \($0.value) s" }.joined(separator: ", ")
    }

    private func text(_ time: Int) -> String {
      var digits = String(time % 1_000_000 + 1_000_000).dropFirst()
      while digits.last == "0" { digits.removeLast() }
      return "\(time / 1_000_000)" + (digits.isEmpty ? "" : ".\(digits)") + " s"
    }
  }
}

/// Entries, the smallest time first.
struct Heap {
  /// The most entries that there were at a time.
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
