import BenchSupport

/// `--json`: everything that was measured, and where and how. Times are nanoseconds.
struct JSONReport {
  let options: BenchOptions
  let result: RunResult
  private var times: RequestTimes { result.times }

  /// The requests are most of the file, so they are written one by one, a line each; none if there
  /// were too many to keep.
  func write(to file: OutputFile) {
    var json = JSONText()
    describeRun(&json)
    json.object("accounting", describeAccounting)
    result.pace?.write(to: &json)
    json.object("result", describeResult)
    json.object("times_ns", describeTimes)
    file.write(json.text + ",\n  \"requests_columns\": \(Self.columns),\n  \"requests_ns\": [")
    var separator = "\n"
    for sample in result.samples {
      let row = [sample.start, sample.connect, sample.wait, sample.total, sample.late]
      file.write("\(separator)    \(row)")
      separator = ",\n"
    }
    file.write("\n  ]\n}\n")
  }

  private static let columns = #"["start", "connect", "wait", "total", "late"]"#

  private func describeRun(_ json: inout JSONText) {
    let description = RunDescription(options: options, begin: result.wallClockBegin)
    description.write(to: &json) { json in
      result.servers.write(to: &json)
      json.member("document_length", result.documentLength)
    }
    json.member("keep_alive", options.keepAlive)
  }

  /// `sent` is the sum of all others: each request is counted in exactly one of them.
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
    json.members(result.effort)
    json.member("requests_per_second", result.requestsPerSecond, decimals: 2)
    if let error = result.error { json.member("ended_by", error) }
  }

  private func describeTimes(_ json: inout JSONText) {
    json.member("connect", times.connect)
    json.member("processing", times.processing)
    json.member("waiting", times.waiting)
    json.member("total", times.total)
    if result.pace != nil {
      json.member("late", times.late)
      json.member("response", times.response)
    }
  }
}
