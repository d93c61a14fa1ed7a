import Testing

@testable import bench

/// Requests that are due at a steady rate, whatever the server does.
@Suite(.timeLimit(.minutes(5)))
struct OpenLoopTests {
  @Test func aScheduleDoesNotDrift() {
    var schedule = Schedule(rate: 3, begin: 1000)
    let third: UInt64 = 333_333_333
    #expect(schedule.take(at: 999) == nil)
    #expect(schedule.take(at: 1000) == 1000)
    #expect(schedule.take(at: 1000 + third - 1) == nil)
    // A request counts from when it was due, however late it is sent.
    let later: UInt64 = 10_000_000_000
    #expect(schedule.overdue(at: later, limit: .max) == 29)
    #expect(schedule.overdue(at: later, limit: 10) == 9)
    #expect(schedule.take(at: later) == 1000 + third)
    #expect(schedule.take(at: later) == 1000 + 2 * third)
    #expect(schedule.take(at: later) == 1_000_001_000)
    for _ in 4..<3000 { _ = schedule.take(at: .max / 2) }
    #expect(schedule.next == 1_000_000_001_000)
  }

  /// A request that is due when the run ends could no longer be answered: it is neither sent nor
  /// missing.
  @Test func nothingIsDueAtTheEnd() {
    let second: UInt64 = 1_000_000_000
    var schedule = Schedule(rate: 1, begin: second, end: 16 * second)
    for number in 0..<15 { #expect(schedule.take(at: 16 * second) == second * UInt64(1 + number)) }
    #expect(schedule.take(at: 16 * second) == nil)
    #expect(schedule.next == .max)
    #expect(schedule.overdue(at: 16 * second, limit: .max) == 0)
  }

  /// The last of fifteen requests, one per second, starts after 14 s; the rate is still one per
  /// second.
  @Test func theAchievedRateIsThatOfTheSchedule() {
    func pace(_ started: Int, _ done: Int, _ elapsed: UInt64) -> Pace {
      Pace(wanted: 1, started: started, done: done, elapsed: elapsed, neverSent: 0)
    }
    let numbered = pace(15, 15, 14_160_000_000)
    #expect(numbered.achieved == 1 && numbered.seconds == 15)
    let timed = pace(15, 15, 15_000_000_000)
    #expect(timed.achieved == 1 && timed.seconds == 15)
    // A server that answered half of the requests in the time in which all were due.
    #expect(pace(15, 15, 30_000_000_000).achieved == 0.5)
    #expect(
      numbered.lines == [
        "Requested rate:         1.00 [#/sec]",
        "Achieved rate:          1.00 [#/sec] over 15.000 seconds",
        "Due and never sent:     0",
      ])
  }

  @Test func withARateThereIsNoTimePerRequest() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let text = try BenchProcess.run("-kn20", "-c5", "--rate", "1000", server.url).text
    #expect(text.contains("\nRequests per second:") && !text.contains("\nTime per request:"))
    let echo = try FaultWebSocket.start { _ in .answer }
    defer { echo.stop() }
    let messages = try BenchProcess.run("-n20", "-c5", "--rate", "1000", echo.url).text
    #expect(
      messages.contains("\nMessages per second:") && !messages.contains("\nTime per message:"))
  }

  @Test func theLongestIdleGoFirst() {
    var queue = IdleQueue(capacity: 3)
    for client in 0..<3 { queue.append(client) }
    #expect(queue.popFirst() == 0)
    queue.append(7)
    #expect(
      [queue.popFirst(), queue.popFirst(), queue.popFirst(), queue.popFirst()] == [1, 2, 7, nil])
  }

  @Test(arguments: [["-k"], []])
  func asksAtTheRateAndNotEarlier(_ flags: [String]) throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let run = try Measured(flags + ["-n200", "-c4", "--rate", "1000", server.url])
    #expect(run.record.accounting == RunRecord.Accounting(sent: 200, ok: 200))
    let rows = run.record.requests.sorted { $0[0] < $1[0] }
    for (number, row) in rows.enumerated() {
      // Started after it was due; "late" says by how much.
      #expect(row[0] - row[4] == number * 1_000_000)
      #expect(row[4] >= 0)
    }
    let rate = try #require(run.record.rate)
    #expect(rate.wanted == 1000 && rate.neverSent == 0)
    #expect(run.output.text.contains("\nRequested rate:         1000.00 [#/sec]\n"))
  }

  /// Coordinated omission: a closed loop sees one slow request where users would have seen
  /// hundreds.
  @Test func aStallShowsInEveryRequestThatWasDueMeanwhile() throws {
    let server = try FaultServer.start { number in
      (number == 100 ? [.pause(.seconds(1))] : []) + [.send(Answers.hello)]
    }
    defer { server.stop() }
    let run = try Measured("-kn1000", "--rate", "1000", server.url)
    #expect(run.record.accounting == RunRecord.Accounting(sent: 1000, ok: 1000))
    // Number 100 was due at 99 ms and took 1 s: a request that was due within the 900 ms after it
    // waited for the rest, whatever the machine did. This holds however slow everything else was.
    let responses = run.record.requests.map { $0[3] + $0[4] }
    for number in 100..<1000 {
      #expect(responses[number] >= 1_000_000_000 - (number - 99) * 1_000_000)
    }
    #expect(run.record.requests[99][3] >= 1_000_000_000)
    // A closed loop would report the service time, and by that measure only one is slow.
    let (service, response) = (run.record.times["total"], run.record.times["response"])
    let (p99, median) = (try #require(service?["p99"]), try #require(response?["median"]))
    #expect(p99 < median)
    #expect(try #require(response?["p99"]) >= 990_000_000)
  }

  @Test func whatIsDueWhileAllAreBusyIsCountedAtTheEnd() throws {
    let server = try FaultServer.start { number in
      number <= 5 ? [.send(Answers.hello)] : [.hang]
    }
    defer { server.stop() }
    let run = try Measured("-kc2", "-t", "1", "--rate", "100", server.url)
    #expect(run.record.accounting == RunRecord.Accounting(sent: 7, ok: 5, unfinished: 2))
    // Of a hundred that were due; the one due at the very end does not belong to the run.
    let neverSent = try #require(run.record.rate?.neverSent)
    #expect(neverSent == 93)
    #expect(run.output.text.contains("\nDue and never sent:     93\n"))
  }

  @Test func anIdleConnectionThatTheServerClosesIsReplaced() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello), .close] }
    defer { server.stop() }
    // A POST is not sent again, so it must not go out on a connection that the server has closed.
    let file = try TemporaryFile(contents: "data")
    let run = try Measured("-kn3", "--rate", "5", "-p", file.path, server.url)
    #expect(run.record.accounting == RunRecord.Accounting(sent: 3, ok: 3))
    #expect(server.connections == 3)
  }

  @Test func holdsLittlesLaw() throws {
    let server = try FaultServer.start { number in
      number % 10 == 0 ? [.drip(Answers.chunked)] : [.send(Answers.hello)]
    }
    defer { server.stop() }
    let run = try Measured("-kn300", "-c10", server.url)
    let rows = run.record.requests
    let busy = rows.map { $0[3] }.reduce(0, +)
    let ends = rows.map { $0[0] + $0[3] }
    let starts = rows.map { $0[0] }.sorted()
    // Ten clients were busy without a gap, from their first request until nothing was left to
    // start. So the number of requests in the system (rate × time) was ten, except at the edges.
    let firstStarts = starts[..<10].reduce(0, +)
    #expect(busy >= 10 * starts[299] - firstStarts)
    #expect(busy <= 10 * ends.max()! - firstStarts)
  }

  @Test func aWebSocketLoadHasARateToo() throws {
    let server = try FaultWebSocket.start { _ in .answer }
    defer { server.stop() }
    let output = try BenchProcess.run("-c5", "-n100", "--rate", "1000", server.url)
    #expect(output.status == 0)
    #expect(output.text.contains("\nComplete messages:      100\n"))
    #expect(output.text.contains("\nDue and never sent:     0\n"))
    let broadcast = try BenchProcess.run(
      "ws", "--broadcast", "-c5", "-n10", "--rate", "100", server.url)
    #expect(broadcast.status == 0)
    #expect(broadcast.text.contains("\nComplete messages:      50\n"))
  }
}
