import Testing

@testable import BenchSupport
@testable import bench

/// `--fail-if`.
@Suite(.timeLimit(.minutes(5)))
struct ThresholdTests {
  /// 1 ms to 1,000 ms, 3 errors, 500 per second.
  private let metrics = Threshold.Metrics(
    times: Distribution((1...1000).map { UInt64($0) * 1_000_000 }), errors: 3, rate: 500)

  @Test(arguments: [
    "p50>499ms", "p90>899999us", "p95>0.949s", "p99>989.9ms", "p99.9>998ms", "max>999ms",
    "mean>500ms", "mean<501ms", "errors>2", "rate<501", "p99<2s", "errors<4", "rate>499.9",
  ])
  func isCrossed(_ text: String) throws {
    #expect(try Threshold(text).complaint(about: metrics) != nil)
  }

  @Test(arguments: [
    "p50>500ms", "p90>900000us", "p95>0.95s", "p99>990ms", "p99.9>999ms", "max>1s", "max<1s",
    "mean>500.5ms", "errors>3", "errors<3", "rate<500", "rate>500",
  ])
  func isNotCrossed(_ text: String) throws {
    #expect(try Threshold(text).complaint(about: metrics) == nil)
  }

  @Test(arguments: [
    "", "p99", "p99>", "p99>5", "p99>5m", "p99>ms", "p98>5ms", "p99=5ms", "p99>=5ms", "p99>-5ms",
    "errors>5ms", "rate>1/s", ">5ms", "p99>5ms ", "p99>1.2.3ms", "p99>inf",
  ])
  func isAUsageErrorWhenMalformed(_ text: String) throws {
    let output = try BenchProcess.run("--fail-if", text, "http://h/")
    #expect(
      output.errors.hasPrefix("bench: --fail-if \(text): expected a condition like 'p99>5ms'"))
    #expect(output.errors.count { $0 == "\n" } == 1)
    #expect(output.status == 2)
  }

  @Test func namesWhatWasCrossedInOneLineAndEndsWith99() throws {
    let server = try FaultServer.start { number in
      [.send(number % 2 == 0 ? Answers.error : Answers.hello)]
    }
    defer { server.stop() }
    let crossed = try BenchProcess.run(
      "-n10", "--fail-if", "p99>1000s", "--fail-if", "errors>4", "--fail-if", "errors>3", server.url
    )
    #expect(
      crossed.errors == "bench: threshold crossed: errors>4: errors is 5; errors>3: errors is 5\n")
    #expect(crossed.status == 99)
    let other = try BenchProcess.run("-n10", "--fail-if", "p99>1000s", server.url)
    #expect(other.errors == "")
    #expect(other.status == 1)
  }

  @Test func looksAtWebSocketsToo() throws {
    let server = try FaultWebSocket.start { $0 == 3 ? .corrupt : .answer }
    defer { server.stop() }
    let output = try BenchProcess.run("-n10", "--fail-if", "errors>0", server.url)
    #expect(output.errors == "bench: threshold crossed: errors>0: errors is 1\n")
    #expect(output.status == 99)
  }
}
