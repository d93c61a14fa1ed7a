import Common
import Glibc

/// One WebSocket load from the options to the report.
struct WebSocketRun {
  let options: BenchOptions

  /// Throws where the process may not have so many connections.
  init(_ options: BenchOptions) throws(UsageError) {
    self.options = options
    try allowDescriptors(for: options.concurrency)
  }

  /// Makes the load and prints. Throws ``UsageError`` where a report cannot be written, ``UnreachableError``
  /// where no WebSocket came about, ``SystemError`` where epoll fails.
  func perform() throws -> ExitCode {
    let reports = try ReportFiles(options)
    let addresses = try lookUp(options.target)
    let stop = try StopSignal.onSignals(grace: .seconds(60))
    announceBegin(options.target)
    let result = try measure(WebSocketPlan(options, addresses: addresses), stop)
    announce("..done")
    let report = WebSocketTextReport(options: options, result: result)
    announce(report.lines.joined(separator: "\n"))
    reports.write(WebSocketJSONReport(options: options, result: result))
    let tally = result.tally
    if let complaint = tally.firstComplaint { printError("bench: a connection: \(complaint)") }
    let code: ExitCode = tally.failures == 0 && tally.received > 0 ? .fine : .failures
    return options.thresholds.check(result.metrics(options.kind), otherwise: code)
  }

  private func measure(_ plan: WebSocketPlan, _ stop: StopSignal) throws -> WebSocketResult {
    let wallClockBegin = nanoseconds(CLOCK_REALTIME)
    var load = try WebSocketLoad(plan, stop: stop)
    try load.run()
    guard load.tally.achieved > 0 else {
      announce("")
      throw UnreachableError(
        "no WebSocket at \(options.target.host) port \(options.target.port): "
          + (load.tally.firstComplaint ?? "stopped"))
    }
    let effort = Effort(duration: load.duration, cpuTime: load.cpuTime)
    let done = plan.broadcasts ? load.tally.sent : load.tally.received
    let pace = options.rate.map { wanted in
      Pace(
        wanted: wanted, achieved: Double(done) / max(effort.seconds, 1e-9),
        neverSent: load.neverSent)
    }
    return WebSocketResult(
      tally: load.tally, times: load.times, pace: pace, effort: effort,
      wallClockBegin: wallClockBegin)
  }
}
