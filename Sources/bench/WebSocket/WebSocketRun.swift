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
    let rows = result.rows(options.kind, hasRate: options.rate != nil)
    announce("..done")
    let report = WebSocketTextReport(options: options, result: result, rows: rows)
    announce(report.lines.joined(separator: "\n"))
    reports.write(WebSocketJSONReport(options: options, result: result, rows: rows))
    let tally = result.tally
    if let complaint = tally.firstComplaint { printError("bench: a connection: \(complaint)") }
    return tally.failures == 0 && tally.received > 0 ? .fine : .failures
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
    return WebSocketResult(
      tally: load.tally, times: load.times,
      effort: Effort(duration: load.duration, cpuTime: load.cpuTime),
      wallClockBegin: wallClockBegin)
  }
}
