import BenchSupport

/// The results of a run, from which every report is made.
struct RunResult: Sendable {
  let tally: Tally
  /// In the order in which the requests ended; empty if there were too many to keep.
  let samples: [Sample]
  let times: RequestTimes
  /// For a load with a rate.
  let pace: Pace?
  /// From the first request to the last answer.
  let effort: Effort
  /// When it started, in nanoseconds since 1970.
  let wallClockBegin: UInt64
  let documentLength: Int
  let servers: ServerNames
  /// Why it ended early.
  let error: String?
}

extension RunResult {
  var requestsPerSecond: Double {
    if let pace { return pace.achieved }
    return effort.duration == 0 ? 0 : Double(tally.complete) / effort.seconds
  }

  /// The times that percentiles are about: with a rate the response times, because a stall shows in
  /// those.
  var reported: Distribution { pace == nil ? times.total : times.response }

  var metrics: Threshold.Metrics {
    let errors = tally.failed + tally.non2xx
    return Threshold.Metrics(times: reported, errors: errors, rate: requestsPerSecond)
  }
}
