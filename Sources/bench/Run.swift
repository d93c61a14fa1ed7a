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
    announceBegin(request)
    let result = try request.withUnsafeBytes { bytes in
      try measure(LoadPlan(options, addresses: addresses, request: bytes), stop)
    }
    let times = result.times
    announce("..done")
    announce(
      TextReport(options: options, result: result, times: times).lines.joined(separator: "\n"))
    reports.write(options, result, times)
    if let error = result.error { printError("bench: the run ended early (see -r): \(error)") }
    return exitCode(result.tally)
  }

  private func lookUp(_ target: Target) throws(UnreachableError) -> [SocketAddress] {
    do {
      return try SocketAddress.lookUp(host: target.host, port: target.port)
    } catch {
      throw UnreachableError(error.description)
    }
  }

  private func announceBegin(_ request: [UInt8]) {
    print(
      "This is \(version)\n\nBenchmarking \(options.target.host) (be patient)...", terminator: "")
    if options.verbosity >= 2 {
      let text = String(decoding: request, as: UTF8.self)
      print("INFO: \(options.method) header == \n---\n\(text)\n---")
    }
    fflush(nil)
  }

  private func measure(_ plan: LoadPlan, _ stop: StopSignal) throws -> RunResult {
    let wallClockBegin = nanoseconds(CLOCK_REALTIME)
    let cpuBegin = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
    var loop = try ClosedLoop(plan, stop: stop)
    try loop.run()
    guard loop.hasConnected else {
      announce("")
      let reason = loop.error.map { "\($0)" } ?? "no answer in time"
      throw UnreachableError(
        "cannot connect to \(options.target.host) port \(options.target.port): \(reason)")
    }
    return RunResult(
      tally: loop.tally, samples: loop.samples.all, duration: loop.duration,
      cpuTime: nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpuBegin, wallClockBegin: wallClockBegin,
      documentLength: loop.documentLength ?? 0, serverSoftware: loop.serverSoftware,
      error: loop.error.map { "\($0)" })
  }

  private func exitCode(_ tally: Tally) -> ExitCode {
    tally.failed == 0 && tally.non2xx == 0 && tally.complete > 0 ? .fine : .failures
  }
}

/// `clock_gettime(2)`, in nanoseconds.
private func nanoseconds(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
