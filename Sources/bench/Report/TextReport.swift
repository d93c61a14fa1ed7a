/// ab's report: its lines, its labels, its order, so that scripts that read ab's output read this one.
struct TextReport {
  let options: BenchOptions
  let result: RunResult
  let times: RunResult.Times

  var lines: [String] {
    var lines = ["", ""] + target + counts + rates
    if times.total.count > 0 {
      lines += connectionTimes
      if options.showsPercentiles && times.total.count > 1 { lines += percentiles }
    }
    return lines + warnings
  }

  /// Labels are 24 columns wide.
  private func line(_ label: String, _ value: String) -> String {
    "\(label):".rightPadded(24) + value
  }

  private var target: [String] {
    let length = options.variableLength ? "Variable" : "\(result.documentLength) bytes"
    return [
      line("Server Software", result.serverSoftware),
      line("Server Hostname", options.target.host),
      line("Server Port", "\(options.target.port)"),
      "",
      line("Document Path", options.target.path),
      line("Document Length", length),
      "",
    ]
  }

  private var counts: [String] {
    let tally = result.tally
    var lines = [
      line("Concurrency Level", "\(options.concurrency)"),
      line("Time taken for tests", "\(fixed(result.seconds, 3)) seconds"),
      line("Complete requests", "\(tally.complete)"),
      line("Failed requests", "\(tally.failed)"),
    ]
    if tally.failed > 0 { lines += failureKinds }
    lines += [
      ("Write errors", tally.writeErrors), ("Non-2xx responses", tally.non2xx),
      ("Retried requests", tally.retried), ("Unfinished requests", tally.unfinished),
    ].filter { $0.1 > 0 }.map { line($0.0, "\($0.1)") }
    if options.keepAlive { lines.append(line("Keep-Alive requests", "\(tally.keptAlive)")) }
    lines.append(line("Total transferred", "\(tally.bytesReceived) bytes"))
    if options.bodyFile != nil { lines.append(line("Total body sent", "\(tally.bytesSent)")) }
    lines.append(line("HTML transferred", "\(tally.bodyBytes) bytes"))
    return lines
  }

  /// ab's four kinds, then ours: which of them adds up to which is said in `Tally`.
  private var failureKinds: [String] {
    let tally = result.tally
    return [
      "   (Connect: \(tally.unconnected), Receive: \(tally.receiveFailures), "
        + "Length: \(tally.lengthDiffers), Exceptions: \(tally.exceptions))",
      "   (Truncated: \(tally.truncated), Reset: \(tally.reset), "
        + "Timed out: \(tally.timedOut), Not HTTP: \(tally.notHTTP))",
    ]
  }

  private var rates: [String] {
    let (done, seconds) = (Double(result.tally.complete), result.seconds)
    guard done > 0, seconds > 0 else { return [] }
    let perRequest = seconds * 1000 / done
    let received = Double(result.tally.bytesReceived) / 1024 / seconds
    var lines = [
      line("Requests per second", "\(fixed(done / seconds, 2)) [#/sec] (mean)"),
      line(
        "Time per request", "\(fixed(perRequest * Double(options.concurrency), 3)) [ms] (mean)"),
      line(
        "Time per request",
        "\(fixed(perRequest, 3)) [ms] (mean, across all concurrent requests)"),
      line("Transfer rate", "\(fixed(received, 2)) [Kbytes/sec] received"),
    ]
    if options.bodyFile != nil {
      let sent = Double(result.tally.bytesSent) / 1024 / seconds
      let indent = String(repeating: " ", count: 24)
      lines.append("\(indent)\(fixed(sent, 2)) kb/s sent")
      lines.append("\(indent)\(fixed(sent + received, 2)) kb/s total")
    }
    return lines
  }

  private var percentiles: [String] {
    let steps = [50, 66, 75, 80, 90, 95, 98, 99].map { percent in
      "  \(percent)%  \(milliseconds(times.total.percentile(percent)).leftPadded(10))"
    }
    return ["", "Percentage of the requests served within a certain time (ms)"] + steps
      + [" 100%  \(milliseconds(times.total.max).leftPadded(10)) (longest request)"]
  }
}
