import Glibc
import Testing

@testable import bench

/// How runs start and end, and what they send.
@Suite(.timeLimit(.minutes(5)))
struct RunTests {
  typealias Accounting = RunRecord.Accounting

  @Test func startsAllClientsAtOnce() throws {
    // No answer is sent before ten requests have arrived: a client that sends its first one alone
    // would wait forever.
    let server = try FaultServer.start { number in
      number == 1 ? [.waitForAnswers(9), .send(Answers.hello)] : [.send(Answers.hello)]
    }
    defer { server.stop() }
    let run = try Measured("-n10", "-c10", server.url)
    #expect(run.record.accounting == Accounting(sent: 10, ok: 10))
  }

  @Test func endsOnItsTime() throws {
    let server = try FaultServer.start { number in number <= 5 ? [.send(Answers.hello)] : [.hang] }
    defer { server.stop() }
    let run = try Measured("-kt", "1", "-c3", server.url)
    #expect(run.record.accounting == Accounting(sent: 8, ok: 5, unfinished: 3))
    #expect(run.output.status == 0)
    #expect(
      run.output.text.contains("\nUnfinished requests:    3 (under way when the run ended)\n"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func printsTheReportSoFarWhenInterrupted(_ signal: Int32) throws {
    let server = try FaultServer.start { number in number <= 2 ? [.send(Answers.hello)] : [.hang] }
    defer { server.stop() }
    let process = try BenchProcess("-kn", "100", server.url)
    server.waitForRequests(3)
    process.send(signal: signal)
    let output = try process.finish()
    #expect(output.status == 0)
    #expect(output.text.contains("\nComplete requests:      2\n"))
    #expect(output.text.contains("\nUnfinished requests:    1 (under way when the run ended)\n"))
  }

  @Test func saysInOneLineThatNobodyIsThere() throws {
    let server = try FaultServer.start { _ in [] }
    server.stop()
    for flags in [["-n10", "-c5"], ["-rn10", "-c5"]] {
      let output = try BenchProcess.run(flags + [server.url])
      let reason = "connect: Connection refused"
      #expect(
        output.errors == "bench: cannot connect to 127.0.0.1 port \(server.port): \(reason)\n")
      #expect(output.status == 3)
    }
    let output = try BenchProcess.run("http://name.invalid/")
    #expect(output.errors.hasPrefix("bench: cannot resolve name.invalid: "))
    #expect(output.errors.count { $0 == "\n" } == 1)
    #expect(output.status == 3)
  }

  @Test func triesEveryAddressOfAName() throws {
    // localhost may be ::1 first, and nothing listens there.
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let run = try Measured("-n10", "-c3", "http://localhost:\(server.port)/")
    #expect(run.record.accounting == Accounting(sent: 10, ok: 10))
    #expect(server.requests.allSatisfy { $0.contains("\r\nHost: localhost:\(server.port)\r\n") })
  }

  @Test func speaksIPv6() throws {
    guard let server = try? FaultServer.start(host: "::1", { _ in [.send(Answers.hello)] }) else {
      try Test.cancel("no IPv6 here")
    }
    defer { server.stop() }
    let run = try Measured("-n10", "-c3", "http://[::1]:\(server.port)/")
    #expect(run.record.accounting == Accounting(sent: 10, ok: 10))
  }

  @Test func readsNoBodyBehindAHEAD() throws {
    let server = try FaultServer.start { _ in [.send(Answers.headOnly)] }
    defer { server.stop() }
    let run = try Measured("-ikn10", server.url)
    #expect(run.record.accounting == Accounting(sent: 10, ok: 10))
    #expect(run.record.result.keptAlive == 10)
    #expect(run.record.result.bodyBytes == 0)
  }

  @Test func sendsABodyThatTheKernelTakesInPieces() throws {
    let file = try TemporaryFile(contents: String(repeating: "0123456789abcdef", count: 500_000))
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let run = try Measured("-kn3", "-p", file.path, server.url)
    #expect(run.record.accounting == Accounting(sent: 3, ok: 3))
    #expect(server.requests.map(\.utf8.count).reduce(0, +) == run.record.result.bytesSent)
    #expect(run.record.result.bytesSent > 24_000_000)
  }

  @Test func readsABodyLargerThanItsBuffer() throws {
    let length = 1_000_000
    let body = String(repeating: "x", count: length)
    let server = try FaultServer.start { number in
      number % 2 == 0
        ? [.send("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n\(body)")]
        : [.send("HTTP/1.1 200 OK\r\n\r\n\(body)"), .close]
    }
    defer { server.stop() }
    let run = try Measured("-kn10", "-c2", server.url)
    #expect(run.record.accounting == Accounting(sent: 10, ok: 10))
    #expect(run.record.result.bodyBytes == 10 * length)
  }
}
