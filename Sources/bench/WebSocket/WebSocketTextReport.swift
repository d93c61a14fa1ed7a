import BenchSupport

/// The report of a WebSocket load, in ab's layout and order, with its labels if they mean the same.
struct WebSocketTextReport {
  let options: BenchOptions
  let result: WebSocketResult

  private var isBroadcast: Bool { options.kind == .broadcast }

  var lines: [String] {
    var lines = ["", ""] + target + connections + counts + rates
    if result.tally.received > 0 {
      let rows = result.rows(options.kind).map { TimesTable.Row(label($0.name), $0.times) }
      let table = TimesTable(rows: rows)
      lines += options.showsDeviation ? table.lines : table.shortLines
      if options.showsPercentiles { lines += percentiles }
    }
    return lines + result.servers.warnings + warnings(result.effort)
  }

  private func label(_ name: String) -> String {
    let words = name.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  private var target: [String] {
    let size = reportLine("Message Size", "\(options.messageSize) bytes")
    return [
      reportLine("Server Software", result.servers.first),
      reportLine("Server Hostname", options.target.host),
      reportLine("Server Port", "\(options.target.port)"), "",
      reportLine("Document Path", options.target.path),
    ] + (isBroadcast ? [] : [size]) + [""]
  }

  private var connections: [String] {
    let tally = result.tally
    var lines = [
      reportLine("Concurrency Level", "\(options.concurrency)"),
      reportLine("Connections achieved", "\(tally.achieved)"),
      reportLine("Failed connections", "\(tally.failed)"),
      reportLine("Lost connections", "\(tally.lost)"),
    ]
    if tally.lost > 0 {
      let codes = tally.closeCodes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      lines.append("   (by close code: \(codes.joined(separator: ", ")))")
    }
    return lines
  }

  private var counts: [String] {
    let tally = result.tally
    var lines = [reportLine("Time taken for tests", "\(fixed(result.effort.seconds, 3)) seconds")]
    if isBroadcast { lines.append(reportLine("Complete broadcasts", "\(tally.sent)")) }
    lines += [
      reportLine("Complete messages", "\(tally.received)"),
      reportLine("Failed messages", "\(tally.failedMessages)"),
    ]
    if tally.failedMessages > 0 {
      lines.append(
        "   (Missing: \(tally.missing), Duplicates: \(tally.duplicates), "
          + "Out of order: \(tally.outOfOrder), Mismatched: \(tally.mismatched))")
    }
    if tally.unfinished > 0 {
      lines.append(
        reportLine(
          "Unfinished messages", "\(tally.unfinished) (on their way when the run ended)"))
    }
    if let pace = result.pace { lines += pace.lines }
    return lines + [
      reportLine("Reach", "\(fixed(tally.reach * 100, 3)) % of \(tally.expected) expected"),
      reportLine("Total transferred", "\(tally.bytesReceived) bytes"),
      reportLine("Total sent", "\(tally.bytesSent) bytes"),
    ]
  }

  private var rates: [String] {
    let (done, seconds) = (Double(result.tally.received), result.effort.seconds)
    guard done > 0, seconds > 0 else { return [] }
    let received = Double(result.tally.bytesReceived) / 1024 / seconds
    let time = reportLine(
      "Time per message", "\(fixed(seconds * 1000 / done, 3)) [ms] (mean, across all clients)")
    return [
      reportLine("Messages per second", "\(fixed(result.messagesPerSecond, 2)) [#/sec] (mean)")
    ] + (result.pace == nil ? [time] : []) + [
      reportLine("Transfer rate", "\(fixed(received, 2)) [Kbytes/sec] received")
    ]
  }

  private var percentiles: [String] {
    let times = result.reported(options.kind)
    if isBroadcast {
      return percentileLines(
        "Percentage of the broadcasts that had reached every client within a certain time (ms)",
        times, longest: "slowest broadcast")
    }
    let due = result.pace == nil ? "" : " of being due"
    return percentileLines(
      "Percentage of the messages that were back within a certain time\(due) (ms)", times,
      longest: result.pace == nil ? "longest round trip" : "longest response")
  }
}
