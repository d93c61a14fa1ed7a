import Testing

@testable import bench

/// Every request is accounted for, exactly, whatever the server does to it.
@Suite(.timeLimit(.minutes(5)))
struct FaultTests {
  typealias Accounting = RunRecord.Accounting

  /// Runs against a server with this script, and checks what holds for every run.
  private func measure(
    _ arguments: [String], _ script: @escaping @Sendable (Int) -> [FaultServer.Step]
  ) throws -> (Measured, FaultServer) {
    let server = try FaultServer.start(script)
    defer { server.stop() }
    let measured = try Measured(arguments + ["-q", server.url])
    let (record, status) = (measured.record, measured.output.status)
    #expect(record.accounting.sent == record.accounting.sum)
    #expect(record.requests.count == record.result.complete)
    let allFine = record.result.failed == 0 && record.accounting.non2xx == 0
    #expect(status == (allFine && record.result.complete > 0 ? 0 : 1))
    return (measured, server)
  }

  @Test(arguments: [
    [FaultServer.Step.send(Answers.hello)], [.drip(Answers.hello)],
    [.send(Answers.chunked)], [.drip(Answers.chunked)],
    [.send(Answers.untilClose), .close], [.drip(Answers.untilClose), .close],
    [
      .send("HTTP/1.1 100 Continue\r\n\r\n"), .drip("HTTP/1.1 103 E\r\n\r\n"), .send(Answers.hello),
    ],
  ])
  func countsGoodAnswersOnNewConnections(_ answer: [FaultServer.Step]) throws {
    let (run, server) = try measure(["-n", "30", "-c", "10"]) { _ in answer }
    #expect(run.record.accounting == Accounting(sent: 30, ok: 30))
    #expect(run.record.result.bodyBytes == 150)
    #expect(server.connections == 30)
  }

  @Test func keepsConnectionsAlive() throws {
    let (run, server) = try measure(["-kn100", "-c10"]) { number in
      [number % 2 == 0 ? .send(Answers.hello) : .drip(Answers.chunked)]
    }
    #expect(run.record.accounting == Accounting(sent: 100, ok: 100))
    #expect(run.record.result.keptAlive == 100)
    #expect(server.connections == 10)
  }

  @Test func opensANewConnectionWhereTheServerKeepsNone() throws {
    let (run, server) = try measure(["-kn30", "-c3"]) { number in
      number % 3 == 0 ? [.send(Answers.closing), .close] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 30, ok: 30))
    #expect(run.record.result.keptAlive == 20)
    #expect(run.record.result.retried == 0)
    // Three at the start, and one after each refusal except the last ones, after which nothing was
    // left to ask.
    #expect((10...13).contains(server.connections))
  }

  @Test func sendsAgainWhereAKeptAliveConnectionWasClosedMeanwhile() throws {
    // To the client, a close instead of an answer looks like the end of an idle connection that
    // crossed the request.
    let (run, server) = try measure(["-kn10"]) { number in
      number % 3 == 2 ? [.close] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 10, ok: 10))
    #expect(run.record.result.retried == 5)
    #expect(server.connections == 6)
    #expect(run.output.text.contains("\nRetried requests:       5\n"))
  }

  @Test func doesNotSendAPOSTTwice() throws {
    let file = try TemporaryFile(contents: "data")
    let (run, server) = try measure(["-kn10", "-p", file.path]) { number in
      number % 3 == 2 ? [.close] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 10, ok: 7, truncated: 3))
    #expect(run.record.result.retried == 0)
    #expect(server.requests.allSatisfy { $0.hasSuffix("\r\n\r\ndata") })
  }

  @Test func countsAResetOnce() throws {
    let (run, _) = try measure(["-r", "-n20", "-c4"]) { number in
      number % 5 == 0 ? [.reset] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 20, ok: 16, reset: 4))
    #expect(run.output.text.contains("   (Connect: 0, Receive: 4, Length: 0, Exceptions: 0)\n"))
  }

  @Test func endsAtASocketErrorWithoutR() throws {
    let (run, _) = try measure(["-n20"]) { number in
      number % 5 == 0 ? [.reset] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 5, ok: 4, reset: 1))
    let error = "bench: the run ended early (see -r): recv: Connection reset by peer\n"
    #expect(run.output.errors == error)
    #expect(run.record.result.endedBy == "recv: Connection reset by peer")
    #expect(run.output.text.contains("\nComplete requests:      4\n"))
  }

  @Test(arguments: [
    [FaultServer.Step.close], [.send(Answers.truncated), .close],
    [.send("HTTP/1.1 200 OK\r\nContent-"), .close], [.send("HTT"), .close],
    [.send(String(Answers.chunked.dropLast(2))), .close],
  ])
  func countsAnAnswerThatIsCutShort(_ cut: [FaultServer.Step]) throws {
    let (run, _) = try measure(["-n20", "-c4"]) { number in
      number % 5 == 0 ? cut : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 20, ok: 16, truncated: 4))
  }

  @Test(arguments: ["SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n", Answers.hello + "!", "\0"])
  func countsGarbageWithoutWaitingForItsEnd(_ garbage: String) throws {
    let (run, _) = try measure(["-kn20", "-c4"]) { number in
      number % 5 == 0 ? [.send(garbage), .hang] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 20, ok: 16, notHttp: 4))
  }

  @Test func countsATimeoutAndGoesOn() throws {
    let (run, _) = try measure(["-kn20", "-c2", "-s", "1"]) { number in
      number % 10 == 0 ? [.hang] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 20, ok: 18, timedOut: 2))
    #expect(run.output.text.contains("   (Truncated: 0, Reset: 0, Timed out: 2, Not HTTP: 0)\n"))
  }

  @Test func countsOtherStatusesApart() throws {
    let (run, _) = try measure(["-kn20", "-c4"]) { number in
      [.send(number % 2 == 0 ? Answers.error : Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 20, ok: 10, non2xx: 10))
    #expect(run.record.result.failed == 0)
    #expect(run.output.text.contains("\nNon-2xx responses:      10\n"))
    #expect(run.output.text.contains("\nDocument Length:        5 bytes\n"))
  }

  @Test func countsADifferentLengthUnlessLIsGiven() throws {
    let script: @Sendable (Int) -> [FaultServer.Step] = { number in
      [.send(number % 10 == 0 ? Answers.longer : Answers.hello)]
    }
    let (strict, _) = try measure(["-kn20"], script)
    #expect(strict.record.accounting == Accounting(sent: 20, ok: 18, lengthDiffers: 2))
    let (tolerant, _) = try measure(["-lkn20"], script)
    #expect(tolerant.record.accounting == Accounting(sent: 20, ok: 20))
    #expect(tolerant.output.text.contains("\nDocument Length:        Variable\n"))
  }

  /// With -r the run continues, and the reason would be lost.
  @Test(arguments: [
    (FaultServer.Step.send(Answers.truncated), "closed before the end of the response"),
    (.send("SSH-2.0\r\n"), "the response is not HTTP/1.x, or longer than it declares"),
    (.send(Answers.longer), "6 bytes instead of 5 (see -l)"),
  ])
  func saysWhatTheFirstFailureWas(_ fault: FaultServer.Step, _ reason: String) throws {
    let (run, _) = try measure(["-rkn20"]) { number in
      number == 7 ? [fault, .close] : [.send(Answers.hello)]
    }
    #expect(run.record.accounting.ok == 19)
    #expect(run.output.errors == "bench: the first failure: \(reason)\n")
  }

  @Test func countsConnectionsThatFailLater() throws {
    let (run, _) = try measure(["-rn5"]) { _ in [.stopListening, .send(Answers.hello), .close] }
    #expect(run.record.accounting == Accounting(sent: 5, ok: 1, unconnected: 4))
  }

  @Test func showsOneSlowRequestInAHundredAsLongerThanAllThatItWaitedFor() throws {
    let (run, _) = try measure(["-kn100", "-c2"]) { number in
      (number == 50 ? [.waitForAnswers(99)] : []) + [.send(Answers.hello)]
    }
    #expect(run.record.accounting == Accounting(sent: 100, ok: 100))
    // In the order in which they ended. The slow one started among the first 51 and ended last: all
    // requests in between lie within its time. (The machine may have held up one of the earlier
    // ones for longer.)
    let totals = run.record.requests.map { $0[3] }
    #expect(totals[99] > totals[51..<99].max()!)
    let times = try #require(run.record.times["total"])
    #expect(times["p99"] == Double(totals.sorted()[98]))
    #expect(times["max"] == Double(totals.sorted()[99]))
  }
}
