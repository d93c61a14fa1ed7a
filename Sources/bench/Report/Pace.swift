import BenchSupport

/// The outcome of a requested rate.
struct Pace: Sendable {
  /// Per second.
  let wanted: Double
  /// The number that became due and were never sent.
  let neverSent: Int
  /// The time that the schedule covers. Each request has a slot of 1/rate: fifteen of them at one
  /// per second take 15 s, although the last one is sent after 14.
  let seconds: Double
  let achieved: Double

  /// - Parameters:
  ///   - elapsed: from the first slot to the end of the run, in nanoseconds.
  init(wanted: Double, started: Int, done: Int, elapsed: UInt64, neverSent: Int) {
    self.wanted = wanted
    self.neverSent = neverSent
    seconds = max(Double(elapsed) / 1e9, Double(started) / wanted)
    achieved = seconds > 0 ? Double(done) / seconds : 0
  }

  var lines: [String] {
    [
      reportLine("Requested rate", "\(fixed(wanted, 2)) [#/sec]"),
      reportLine(
        "Achieved rate", "\(fixed(achieved, 2)) [#/sec] over \(fixed(seconds, 3)) seconds"),
      reportLine("Due and never sent", "\(neverSent)"),
    ]
  }

  func write(to json: inout JSONText) {
    json.object("rate") { json in
      json.member("wanted", wanted, decimals: 3)
      json.member("achieved", achieved, decimals: 3)
      json.member("never_sent", neverSent)
    }
  }
}
