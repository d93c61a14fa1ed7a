import Common
import Glibc

/// One run from the options to the report.
struct Run {
  let options: BenchOptions
  private let body: [UInt8]

  /// Throws where the file to send cannot be read, or the process may not have so many connections.
  init(_ options: BenchOptions) throws(UsageError) {
    self.options = options
    do {
      body = try options.bodyFile.map(readFile) ?? []
    } catch {
      throw UsageError("cannot read \(options.bodyFile ?? ""): \(error)")
    }
    try allowDescriptors(for: options.concurrency)
  }

  /// Makes the load and prints. Throws ``UsageError`` where a report cannot be written, ``UnreachableError``
  /// where no connection came about, ``SystemError`` where epoll fails.
  func perform() throws -> ExitCode {
    let reports = try ReportFiles(options)
    let addresses = try lookUp(options.target)
    let request = requestBytes(options, body: body)
    let stop = try StopSignal.onSignals(grace: .seconds(60))
    announceBegin(options.target)
    if options.verbosity >= 2 {
      let text = String(decoding: request, as: UTF8.self)
      print("INFO: \(options.method) header == \n---\n\(text)\n---")
    }
    let result = try request.withUnsafeBytes { bytes in
      try measure(HTTPPlan(options, addresses: addresses, request: bytes), stop)
    }
    announce("..done")
    announce(TextReport(options: options, result: result).lines.joined(separator: "\n"))
    reports.write(JSONReport(options: options, result: result))
    if let error = result.error { printError("bench: the run ended early (see -r): \(error)") }
    return options.thresholds.check(result.metrics, otherwise: exitCode(result.tally))
  }

  private func measure(_ plan: HTTPPlan, _ stop: StopSignal) throws -> RunResult {
    let wallClockBegin = nanoseconds(CLOCK_REALTIME)
    let cpuBegin = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
    var load = try HTTPLoad(plan, stop: stop)
    try load.run()
    guard load.connector.hasConnected else {
      announce("")
      let reason = load.loop.error.map { "\($0)" } ?? "no answer in time"
      throw UnreachableError(
        "cannot connect to \(options.target.host) port \(options.target.port): \(reason)")
    }
    let effort = Effort(
      duration: load.duration, cpuTime: nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpuBegin)
    return RunResult(
      tally: load.tally, samples: load.samples.all, times: load.samples.times,
      pace: options.rate.map { wanted in
        let achieved = Double(load.tally.complete) / max(effort.seconds, 1e-9)
        return Pace(wanted: wanted, achieved: achieved, neverSent: load.neverSent)
      },
      effort: effort,
      wallClockBegin: wallClockBegin,
      documentLength: load.documentLength ?? 0, serverSoftware: load.serverSoftware,
      error: load.loop.error.map { "\($0)" })
  }

  private func exitCode(_ tally: Tally) -> ExitCode {
    tally.failed == 0 && tally.non2xx == 0 && tally.complete > 0 ? .fine : .failures
  }
}

/// Where the target may be.
func lookUp(_ target: Target) throws(UnreachableError) -> [SocketAddress] {
  do {
    return try SocketAddress.lookUp(host: target.host, port: target.port)
  } catch {
    throw UnreachableError(error.description)
  }
}

/// ab's first lines: they are there before the load is.
func announceBegin(_ target: Target) {
  print("This is \(version)\n\nBenchmarking \(target.host) (be patient)...", terminator: "")
  fflush(nil)
}
