/// What a run brought: the raw material of every report.
struct RunResult: Sendable {
  let tally: Tally
  /// In the order in which the requests ended.
  let samples: [Sample]
  /// From the first request to the last answer.
  let effort: Effort
  /// When it began: nanoseconds since 1970.
  let wallClockBegin: UInt64
  let documentLength: Int
  let serverSoftware: String
  /// Why it ended early.
  let error: String?
}

extension RunResult {
  /// The times of all answered requests, in ab's four rows.
  struct Times {
    let connect: Distribution
    let processing: Distribution
    let waiting: Distribution
    let total: Distribution
  }

  var times: Times {
    Times(
      connect: Distribution(samples.map(\.connect)),
      processing: Distribution(samples.map(\.processing)),
      waiting: Distribution(samples.map(\.wait)),
      total: Distribution(samples.map(\.total)))
  }
}
