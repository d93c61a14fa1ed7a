/// What a WebSocket load brought: the raw material of its reports.
struct WebSocketResult: Sendable {
  let tally: WebSocketTally
  let times: WebSocketTimes
  /// From the first message to the last.
  let effort: Effort
  /// When it began: nanoseconds since 1970.
  let wallClockBegin: UInt64

  var messagesPerSecond: Double {
    effort.seconds == 0 ? 0 : Double(tally.received) / effort.seconds
  }

  /// The rows of the tables, by their names in JSON.
  func rows(_ kind: BenchOptions.Kind, hasRate: Bool) -> [(name: String, times: Distribution)] {
    let connect = [("connect", Distribution(times.connect))]
    if kind == .broadcast {
      return connect + [
        ("first", Distribution(times.first)), ("median", Distribution(times.median)),
        ("last", Distribution(times.last)),
      ]
    }
    let response = hasRate ? [("response", Distribution(times.response))] : []
    return connect + [("round_trip", Distribution(times.roundTrip))] + response
  }
}
