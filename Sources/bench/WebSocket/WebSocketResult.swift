import BenchSupport

/// The results of a WebSocket load, from which its reports are made.
struct WebSocketResult: Sendable {
  let tally: WebSocketTally
  let times: WebSocketTimes
  let servers: ServerNames
  /// For a load with a rate.
  let pace: Pace?
  /// From the first message to the last.
  let effort: Effort
  /// When it started, in nanoseconds since 1970.
  let wallClockBegin: UInt64

  var messagesPerSecond: Double {
    let seconds = pace?.seconds ?? effort.seconds
    return seconds == 0 ? 0 : Double(tally.received) / seconds
  }

  /// The rows of the tables, by their names in JSON.
  func rows(_ kind: BenchOptions.Kind) -> [(name: String, times: Distribution)] {
    let connect = [("connect", Distribution(times.connect))]
    let late = pace == nil ? [] : [("late", Distribution(times.late))]
    if kind == .broadcast {
      return connect + late + [
        ("first", Distribution(times.first)), ("median", Distribution(times.median)),
        ("last", Distribution(times.last)),
      ]
    }
    let response = pace == nil ? [] : [("response", Distribution(times.response))]
    return connect + [("round_trip", Distribution(times.roundTrip))] + late + response
  }

  /// The times that percentiles are about: when a message arrived.
  func reported(_ kind: BenchOptions.Kind) -> Distribution {
    if kind == .broadcast { return Distribution(times.last) }
    return Distribution(pace == nil ? times.roundTrip : times.response)
  }

  func metrics(_ kind: BenchOptions.Kind) -> Threshold.Metrics {
    Threshold.Metrics(times: reported(kind), errors: tally.failures, rate: messagesPerSecond)
  }
}
