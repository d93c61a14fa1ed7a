import BenchSupport
import CommandLineOptions
import Common
import Glibc

/// One WebSocket load from the options to the report.
struct WebSocketRun {
  let options: BenchOptions

  /// Throws if the process may not have that many connections.
  init(_ options: BenchOptions) throws(UsageError) {
    self.options = options
    try allowDescriptors(for: options.concurrency)
  }

  /// Runs the load and prints the report.
  /// - Throws: a ``UsageError`` if a report's file cannot be opened, an ``OutputError`` if a report
  ///   cannot be written, an ``UnreachableError`` if no WebSocket came about, a ``SystemError`` if
  ///   epoll fails.
  func perform() throws -> ExitCode {
    let reports = try ReportFiles(options)
    let addresses = try lookUp(options.target)
    let stop = try StopSignal.onSignals(grace: .seconds(60))
    try announceBegin(options.target)
    let result = try measure(WebSocketPlan(options, addresses: addresses), stop)
    let report = WebSocketTextReport(options: options, result: result)
    try StandardOutput.show("..done\n" + report.lines.joined(separator: "\n"))
    try reports.write(WebSocketJSONReport(options: options, result: result))
    let tally = result.tally
    if let complaint = tally.firstComplaint {
      printError("bench: a connection: \(complaint.printable)")
    }
    let code: ExitCode = tally.failures == 0 && tally.received > 0 ? .fine : .failures
    return options.thresholds.check(result.metrics(options.kind), otherwise: code)
  }

  private func measure(_ plan: WebSocketPlan, _ stop: StopSignal) throws -> WebSocketResult {
    let wallClockBegin = nanoseconds(CLOCK_REALTIME)
    var load = try WebSocketLoad(plan, stop: stop)
    try load.run()
    guard load.tally.achieved > 0 else {
      try StandardOutput.show("")
      throw UnreachableError(
        "no WebSocket at \(options.target.host) port \(options.target.port): "
          + (load.tally.firstComplaint ?? "stopped").printable)
    }
    let effort = Effort(duration: load.duration, cpuTime: load.cpuTime)
    let done = plan.broadcasts ? load.tally.sent : load.tally.received
    let pace = options.rate.map { wanted in
      Pace(
        wanted: wanted, started: load.tally.sent, done: done, elapsed: load.elapsed,
        neverSent: load.neverSent)
    }
    return WebSocketResult(
      tally: load.tally, times: load.times, servers: load.servers, pace: pace, effort: effort,
      wallClockBegin: wallClockBegin)
  }
}
