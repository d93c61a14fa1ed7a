import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// The entries that deadlines leave in the heap. Time is virtual.
@Suite struct DeadlineEntryTests {
  /// A client that waits, and the heap that it shares with others.
  private struct Waiting {
    var timers = Timers()
    var now = Instant(nanoseconds: 0)
    private var deadline = Deadline()
    private let token = Token(index: 7, generation: 1)

    mutating func wait(_ time: Duration) { deadline.set(now + time, token, in: &timers) }

    /// Lets time pass, as a loop that wakes up for every entry does; returns when the client's wait
    /// was over.
    mutating func pass(_ time: Duration) -> [Instant] {
      let end = now + time
      var over: [Instant] = []
      while let (due, token) = timers.removeDue(at: end) {
        now = due
        if deadline.hasExpired(due, at: now, token, in: &timers) { over.append(now) }
      }
      now = end
      return over
    }
  }

  private static func second(_ number: UInt64) -> Instant {
    Instant(nanoseconds: number * 1_000_000_000)
  }

  @Test("A deadline that moves later keeps its single entry, however often it moves")
  func movesOn() {
    var client = Waiting()
    for _ in 0..<1_000_000 {
      client.wait(.seconds(5))
      client.now = client.now + .microseconds(1)
    }
    #expect(client.timers.count == 1)
    #expect(client.timers.earliest == Self.second(5))
    // The entry is due, turns out to be too early, and is inserted again. The last wait began a
    // little before 1 s, and entries are rounded up to tenths of a millisecond.
    #expect(client.pass(.milliseconds(4500)).isEmpty)
    #expect(client.timers.count == 1)
    #expect(client.pass(.seconds(1)) == [Self.second(6)])
    #expect(client.timers.count == 0)
  }

  @Test("The same deadline again needs no second entry, although entries are rounded up")
  func again() {
    var client = Waiting()
    for _ in 0..<1000 { client.wait(.microseconds(1_234_567)) }
    #expect(client.timers.count == 1)
    #expect(client.pass(.seconds(2)) == [Instant(nanoseconds: 1_234_600_000)])
  }

  @Test("A deadline that moves earlier ends at the earlier time, and only once")
  func movesEarlier() {
    var client = Waiting()
    client.wait(.seconds(10))
    client.wait(.seconds(2))
    client.wait(.seconds(3))
    #expect(client.timers.earliest == Self.second(2))
    #expect(client.pass(.seconds(60)) == [Self.second(3)])
    #expect(client.timers.count == 0)
  }

  @Test("An entry left by an earlier wait does not end a later one")
  func leftOver() {
    var client = Waiting()
    client.wait(.seconds(10))
    client.wait(.seconds(1))
    #expect(client.pass(.seconds(1)) == [Self.second(1)])
    client.wait(.seconds(20))
    #expect(client.pass(.seconds(60)) == [Self.second(21)])
    #expect(client.timers.count == 0)
  }

  @Test("A wait without a deadline never ends, whatever entries there are")
  func never() {
    var client = Waiting()
    client.wait(.seconds(1))
    client.wait(.nanoseconds(Int64.max))
    client.wait(.nanoseconds(Int64.max))
    #expect(client.pass(.seconds(100)).isEmpty)
  }

  /// Every request of a slow backend's clients waits a short time for the backend, and then a long
  /// time for the next request.
  @Test("Short waits between long ones do not accumulate entries")
  func shortAndLong() {
    var client = Waiting()
    var most = 0
    for round in 1...100_000 {
      client.wait(.microseconds(100))
      let over = client.pass(.microseconds(100))
      if over.count != 1 { Issue.record("over \(over.count) times in round \(round)") }
      client.wait(.seconds(5))
      most = max(most, client.timers.count)
    }
    #expect(most <= 2)
  }

  @Test("All waits end on time, and there are never many entries")
  func anyWaits() {
    var dice = Dice(state: 3)
    var client = Waiting()
    var most = 0
    for _ in 0..<20_000 {
      let start = client.now
      let times: [Duration] = [.milliseconds(1), .milliseconds(100), .seconds(5), .seconds(60)]
      let time = times.randomElement(using: &dice) ?? .zero
      client.wait(time)
      let patience = Duration.milliseconds(Int.random(in: 0..<200, using: &dice))
      let over = client.pass(patience)
      if over != (time <= patience ? [start + time] : []) {
        Issue.record("a wait for \(time) from \(start) on was over at \(over)")
      }
      most = max(most, client.timers.count)
    }
    #expect(most < 50)
  }
}
