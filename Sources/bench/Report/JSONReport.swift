/// `--json`: everything that was measured, and where and how. Times are nanoseconds.
struct JSONReport {
  let options: BenchOptions
  let result: RunResult
  let times: RunResult.Times

  /// The requests are most of it, so they are written one by one, a line each.
  func write(to file: borrowing OutputFile) {
    var json = JSONText()
    describeRun(&json)
    json.object("accounting", describeAccounting)
    json.object("result", describeResult)
    json.object("times_ns", describeTimes)
    file.write(json.text + ",\n  \"requests_columns\": \(Self.columns),\n  \"requests_ns\": [")
    var separator = "\n"
    for sample in result.samples {
      let row = [sample.start, sample.connect, sample.wait, sample.total]
      file.write("\(separator)    \(row)")
      separator = ",\n"
    }
    file.write("\n  ]\n}\n")
  }

  private static let columns = #"["start", "connect", "wait", "total"]"#

  private func describeRun(_ json: inout JSONText) {
    json.member("tool", version)
    json.member("command", ["bench"] + CommandLine.arguments.dropFirst())
    json.member("toolchain", Machine.toolchain)
    let machine = Machine.current
    json.object("machine") { json in
      json.member("system", machine.system)
      json.member("processor", machine.processor)
      json.member("cores", machine.cores)
    }
    json.member("begin_unix_ns", result.wallClockBegin)
    json.object("target") { json in
      json.member("host", options.target.host)
      json.member("port", Int(options.target.port))
      json.member("path", options.target.path)
      json.member("server_software", result.serverSoftware)
      json.member("document_length", result.documentLength)
    }
    json.member("concurrency", options.concurrency)
    json.member("keep_alive", options.keepAlive)
  }

  /// `sent` is the sum of all others, each request is in one of them.
  private func describeAccounting(_ json: inout JSONText) {
    let tally = result.tally
    json.member("sent", tally.started)
    json.member("ok", tally.ok)
    json.member("non_2xx", tally.non2xx)
    json.member("length_differs", tally.lengthDiffers)
    json.member("truncated", tally.truncated)
    json.member("reset", tally.reset)
    json.member("timed_out", tally.timedOut)
    json.member("not_http", tally.notHTTP)
    json.member("unconnected", tally.unconnected)
    json.member("unfinished", tally.unfinished)
  }

  private func describeResult(_ json: inout JSONText) {
    let tally = result.tally
    json.member("complete", tally.complete)
    json.member("failed", tally.failed)
    json.member("write_errors", tally.writeErrors)
    json.member("retried", tally.retried)
    json.member("kept_alive", tally.keptAlive)
    json.member("bytes_received", tally.bytesReceived)
    json.member("body_bytes", tally.bodyBytes)
    json.member("bytes_sent", tally.bytesSent)
    json.member("duration_ns", result.duration)
    json.member("client_cpu_ns", result.cpuTime)
    json.member("client_is_the_limit", result.cpuShare > RunResult.highestCPUShare)
    let rate = result.seconds == 0 ? 0 : Double(tally.complete) / result.seconds
    json.member("requests_per_second", rate, decimals: 2)
    if let error = result.error { json.member("ended_by", error) }
  }

  private func describeTimes(_ json: inout JSONText) {
    let rows = [
      ("connect", times.connect), ("processing", times.processing), ("waiting", times.waiting),
      ("total", times.total),
    ]
    for (name, times) in rows {
      json.object(name) { json in
        json.member("min", times.min)
        json.member("mean", times.mean, decimals: 1)
        json.member("standard_deviation", times.standardDeviation, decimals: 1)
        json.member("median", times.median)
        for percent in [50, 66, 75, 80, 90, 95, 98, 99] {
          json.member("p\(percent)", times.percentile(percent))
        }
        json.member("max", times.max)
      }
    }
  }
}
