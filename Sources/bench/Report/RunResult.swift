/// What a run brought: the raw material of every report.
struct RunResult: Sendable {
  let tally: Tally
  /// In the order in which the requests ended.
  let samples: [Sample]
  /// From the first request to the last answer, in nanoseconds.
  let duration: UInt64
  /// CPU time of the load's thread in that time, in nanoseconds.
  let cpuTime: UInt64
  /// When it began: nanoseconds since 1970.
  let wallClockBegin: UInt64
  let documentLength: Int
  let serverSoftware: String
  /// Why it ended early.
  let error: String?

  var seconds: Double { Double(duration) / 1e9 }

  /// From here on the times are those of `bench` and not of the server.
  static let highestCPUShare = 0.85

  /// How much of one core the load's thread used: 0 to 1.
  var cpuShare: Double { duration == 0 ? 0 : Double(cpuTime) / Double(duration) }
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
