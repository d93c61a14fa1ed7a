import Testing

@testable import bench

/// What `--live` shows, and when it refuses to start.
struct LiveViewTests {
  @Test func showsRatePercentilesAndAHistogram() {
    var times = Histogram()
    for time: UInt64 in [600, 700, 700, 900, 3000] { times.record(time * 1000) }
    var tally = Tally()
    tally.ok = 5000
    let view = LiveView(isOn: false, begin: 1_000_000_000, limit: 12_000)
    let lines = view.lines(tally, times, at: 3_000_000_000, fitting: (80, 24))
    #expect(
      lines.prefix(3) == [
        "5,000 of 12,000 requests, 0 failed, 2.00 s",
        "2,500/s now, 2,500/s on average",
        "p50 700 µs   p90 3.00 ms   p99 3.00 ms   p99.9 3.00 ms   max 3.00 ms",
      ])
    #expect(
      lines.suffix(3) == [
        "  < 1.05 ms  \(String(repeating: "█", count: 40)) 80.0 %",
        "  < 2.10 ms   0.0 %",
        "  < 4.19 ms  \(String(repeating: "█", count: 10)) 20.0 %",
      ])
  }

  /// A line that wrapped, or a view taller than the terminal, would not be redrawn in place.
  @Test(arguments: [1, 20, 40, 67, 68, 200], [1, 2, 5, 24])
  func fitsIntoTheTerminal(_ columns: Int, _ rows: Int) {
    var times = Histogram()
    for power: UInt64 in 10...34 { times.record(1 << power) }
    var tally = Tally()
    tally.ok = 5_000_000
    let view = LiveView(isOn: false, begin: 0, limit: 12_000_000)
    let lines = view.lines(tally, times, at: 3_000_000_000, fitting: (columns, rows))
    #expect(lines.allSatisfy { $0.count <= columns })
    #expect(lines.count <= max(1, rows - 1))
    // The slowest requests are in the last row that has room.
    if rows > 5 && columns > 40 { #expect(lines.last?.contains("< 34.4 s") == true) }
  }

  @Test func nothingIsShownBeforeTheFirstAnswer() {
    let view = LiveView(isOn: false, begin: 0, limit: .max)
    let lines = view.lines(Tally(), Histogram(), at: 1_000_000_000, fitting: (80, 24))
    #expect(lines.first == "0 requests, 0 failed, 1.00 s")
    #expect(lines.last == "")
  }

  @Test func isIgnoredWithOneLineWhereThereIsNoTerminal() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let output = try BenchProcess.run("--live", "-n3", server.url)
    #expect(output.errors == "bench: --live: standard error is not a terminal\n")
    #expect(output.status == 0)
    #expect(output.text.contains("\nComplete requests:      3\n"))
  }
}
