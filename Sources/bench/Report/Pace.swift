/// What became of a rate that was asked for.
struct Pace: Sendable {
  /// Per second.
  let wanted: Double
  let achieved: Double
  /// What came due and was never sent.
  let neverSent: Int

  var lines: [String] {
    [
      reportLine("Requested rate", "\(fixed(wanted, 2)) [#/sec]"),
      reportLine("Achieved rate", "\(fixed(achieved, 2)) [#/sec]"),
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
