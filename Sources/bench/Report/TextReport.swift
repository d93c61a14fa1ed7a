import BenchSupport

/// ab's report: its lines, its labels, its order, so that scripts that read ab's output can read
/// this report.
struct TextReport {
  let options: BenchOptions
  let result: RunResult
  private var times: RequestTimes { result.times }

  var lines: [String] {
    var lines = ["", ""] + target + counts + rates
    if times.total.count > 0 {
      lines += connectionTimes
      if options.showsPercentiles && times.total.count > 1 { lines += percentiles }
    }
    return lines + result.servers.warnings + warnings(result.effort)
  }

  private var target: [String] {
    let length = options.variableLength ? "Variable" : "\(result.documentLength) bytes"
    return [
      reportLine("Server Software", result.servers.first),
      reportLine("Server Hostname", options.target.host),
      reportLine("Server Port", "\(options.target.port)"),
      "",
      reportLine("Document Path", options.target.path),
      reportLine("Document Length", length),
      "",
    ]
  }

  private var counts: [String] {
    let tally = result.tally
    var lines = [
      reportLine("Concurrency Level", "\(options.concurrency)"),
      reportLine("Time taken for tests", "\(fixed(result.effort.seconds, 3)) seconds"),
      reportLine("Complete requests", "\(tally.complete)"),
      reportLine("Failed requests", "\(tally.failed)"),
    ]
    if tally.failed > 0 { lines += failureKinds }
    lines += [
      ("Write errors", tally.writeErrors), ("Non-2xx responses", tally.non2xx),
      ("Retried requests", tally.retried),
    ].filter { $0.1 > 0 }.map { reportLine($0.0, "\($0.1)") }
    if tally.unfinished > 0 {
      lines.append(
        reportLine("Unfinished requests", "\(tally.unfinished) (under way when the run ended)"))
    }
    if options.keepAlive { lines.append(reportLine("Keep-Alive requests", "\(tally.keptAlive)")) }
    if let pace = result.pace { lines += pace.lines }
    lines.append(reportLine("Total transferred", "\(tally.bytesReceived) bytes"))
    if options.bodyFile != nil { lines.append(reportLine("Total body sent", "\(tally.bytesSent)")) }
    lines.append(reportLine("HTML transferred", "\(tally.bodyBytes) bytes"))
    return lines
  }

  /// ab's four kinds, then bench's own: `Tally` says which of them add up to which.
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
    let (done, seconds) = (Double(result.tally.complete), result.effort.seconds)
    guard done > 0, seconds > 0 else { return [] }
    let perRequest = seconds * 1000 / done
    let received = Double(result.tally.bytesReceived) / 1024 / seconds
    var lines = [
      reportLine("Requests per second", "\(fixed(result.requestsPerSecond, 2)) [#/sec] (mean)")
    ]
    // With a rate, clients are idle most of the time: these lines would say nothing about a
    // request.
    if result.pace == nil {
      lines += [
        reportLine(
          "Time per request", "\(fixed(perRequest * Double(options.concurrency), 3)) [ms] (mean)"),
        reportLine(
          "Time per request",
          "\(fixed(perRequest, 3)) [ms] (mean, across all concurrent requests)"),
      ]
    }
    lines.append(reportLine("Transfer rate", "\(fixed(received, 2)) [Kbytes/sec] received"))
    if options.bodyFile != nil {
      let sent = Double(result.tally.bytesSent) / 1024 / seconds
      let indent = String(repeating: " ", count: 24)
      lines.append("\(indent)\(fixed(sent, 2)) kb/s sent")
      lines.append("\(indent)\(fixed(sent + received, 2)) kb/s total")
    }
    return lines
  }

  private var percentiles: [String] {
    let title = "Percentage of the requests served within a certain time"
    return result.pace == nil
      ? percentileLines("\(title) (ms)", times.total, longest: "longest request")
      : percentileLines(
        "\(title) of being due (ms)", times.response, longest: "longest response")
  }

  /// With `-S` the table is ab's old one: no deviation, no median, no row for the waiting time.
  private var connectionTimes: [String] {
    let connect = TimesTable.Row("Connect", times.connect, name: "initial connection")
    let processing = TimesTable.Row("Processing", times.processing)
    let waiting = TimesTable.Row("Waiting", times.waiting)
    let total = TimesTable.Row("Total", times.total)
    let open =
      result.pace == nil
      ? [] : [TimesTable.Row("Late", times.late), TimesTable.Row("Response", times.response)]
    guard options.showsDeviation else {
      return TimesTable(rows: [connect, processing, total] + open).shortLines
    }
    return TimesTable(rows: [connect, processing, waiting, total] + open).lines
  }
}
