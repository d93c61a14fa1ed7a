import BenchSupport

/// `--json` of a WebSocket load. Times are nanoseconds.
struct WebSocketJSONReport {
  let options: BenchOptions
  let result: WebSocketResult

  func write(to file: OutputFile) {
    var json = JSONText()
    let description = RunDescription(options: options, begin: result.wallClockBegin)
    description.write(to: &json) { result.servers.write(to: &$0) }
    if options.kind == .echo {
      json.member("message_bytes", options.messageSize)
      json.member("in_flight", options.inFlight)
    }
    json.object("connections", describeConnections)
    result.pace?.write(to: &json)
    json.object("result", describeResult)
    json.object("times_ns") { json in
      for (name, times) in result.rows(options.kind) { json.member(name, times) }
    }
    file.write(json.text + "\n}\n")
  }

  private func describeConnections(_ json: inout JSONText) {
    let tally = result.tally
    json.member("wanted", tally.wanted)
    json.member("achieved", tally.achieved)
    json.member("failed", tally.failed)
    json.member("lost", tally.lost)
    json.object("close_codes") { json in
      for (code, count) in tally.closeCodes.sorted(by: { $0.key < $1.key }) {
        json.member("\(code)", count)
      }
    }
    if let complaint = tally.firstComplaint { json.member("first_complaint", complaint) }
  }

  private func describeResult(_ json: inout JSONText) {
    let tally = result.tally
    if options.kind == .broadcast { json.member("broadcasts", tally.sent) }
    json.member("messages", tally.received)
    json.member("messages_per_second", result.messagesPerSecond, decimals: 2)
    json.member("expected", tally.expected)
    json.member("received", tally.received)
    json.member("reach", tally.reach, decimals: 6)
    json.member("missing", tally.missing)
    json.member("duplicates", tally.duplicates)
    json.member("out_of_order", tally.outOfOrder)
    json.member("mismatched", tally.mismatched)
    json.member("unfinished", tally.unfinished)
    json.member("bytes_received", tally.bytesReceived)
    json.member("bytes_sent", tally.bytesSent)
    json.members(result.effort)
  }
}
