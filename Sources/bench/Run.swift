import BenchSupport
import CommandLineOptions
import Common
import Glibc

/// One run from the options to the report.
struct Run {
  let options: BenchOptions
  private let body: [UInt8]

  /// Throws if the file to send cannot be read, or the process may not have that many connections.
  init(_ options: BenchOptions) throws(UsageError) {
    self.options = options
    do {
      body = try options.bodyFile.map(readFile) ?? []
    } catch {
      throw UsageError("cannot read \(options.bodyFile ?? ""): \(error)")
    }
    try allowDescriptors(for: options.concurrency)
  }

  /// Runs the load and prints the report.
  /// - Throws: a ``UsageError`` if a report's file cannot be opened, an ``OutputError`` if a report
  ///   cannot be written, an ``UnreachableError`` if no connection came about, a ``SystemError`` if
  ///   epoll fails.
  func perform() throws -> ExitCode {
    let reports = try ReportFiles(options)
    let addresses = try lookUp(options.target)
    let request = requestBytes(options, body: body)
    let stop = try StopSignal.onSignals(grace: .seconds(60))
    try announceBegin(options.target)
    if options.verbosity >= 2 {
      let head = String(decoding: request.dropLast(body.count), as: UTF8.self)
      try StandardOutput.show("INFO: \(options.method) header == \n---\n\(head)\n---")
    }
    let result = try request.withUnsafeBytes { bytes in
      try measure(HTTPPlan(options, addresses: addresses, request: bytes), stop)
    }
    let report = TextReport(options: options, result: result)
    try StandardOutput.show("..done\n" + report.lines.joined(separator: "\n"))
    try reports.write(JSONReport(options: options, result: result))
    if let error = result.error {
      printError("bench: the run ended early (see -r): \(error)")
    } else if let complaint = result.tally.firstComplaint {
      printError("bench: the first failure: \(complaint)")
    }
    return options.thresholds.check(result.metrics, otherwise: exitCode(result.tally))
  }

  private func measure(_ plan: HTTPPlan, _ stop: StopSignal) throws -> RunResult {
    let wallClockBegin = nanoseconds(CLOCK_REALTIME)
    let cpuBegin = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
    var load = try HTTPLoad(plan, stop: stop)
    try load.run()
    guard load.connector.hasConnected else {
      try StandardOutput.show("")
      let reason = load.loop.error.map { "\($0)" } ?? "no answer in time"
      throw UnreachableError(
        "cannot connect to \(options.target.host) port \(options.target.port): \(reason)")
    }
    let effort = Effort(
      duration: load.duration, cpuTime: nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpuBegin)
    return RunResult(
      tally: load.tally, samples: load.samples.all, times: load.samples.times,
      pace: options.rate.map { wanted in
        Pace(
          wanted: wanted, started: load.tally.started, done: load.tally.complete,
          elapsed: load.duration, neverSent: load.neverSent)
      },
      effort: effort,
      wallClockBegin: wallClockBegin,
      documentLength: load.documentLength ?? 0, servers: load.servers,
      error: load.loop.error.map { "\($0)" })
  }

  private func exitCode(_ tally: Tally) -> ExitCode {
    tally.failed == 0 && tally.non2xx == 0 && tally.complete > 0 ? .fine : .failures
  }
}

/// The possible addresses of the target.
func lookUp(_ target: Target) throws(UnreachableError) -> [SocketAddress] {
  do {
    return try SocketAddress.lookUp(host: target.host, port: target.port)
  } catch {
    throw UnreachableError(error.description)
  }
}

/// Prints ab's first lines, before the load starts.
/// - Throws: an ``OutputError`` if standard output cannot be written, so that no load is run whose
/// report would be lost.
func announceBegin(_ target: Target) throws(OutputError) {
  let text = "This is \(versionLine(of: "bench"))\n\nBenchmarking \(target.host) (be patient)..."
  try StandardOutput.show(text, terminator: "")
}
