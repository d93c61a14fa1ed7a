import Testing

@testable import BenchSupport
@testable import BenchTour
@testable import bench

/// A histogram, compared with the sorted array that it replaces.
struct HistogramTests {
  /// Times from nanoseconds to hours, as many of each length, and the corners of the buckets.
  private static let times: [UInt64] = {
    // The same in every run (a linear congruential generator, Knuth's constants).
    var state: UInt64 = 1
    let spread = (0..<20_000).map { number in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 20) % (1 << UInt64(number % 43 + 1))
    }
    return spread + (0..<64).flatMap { [1 << UInt64($0), (1 << UInt64($0)) - 1] } + [.max]
  }()

  @Test func isWithinATenthOfAPercentOfTheSortedTimes() {
    var histogram = Histogram()
    for time in Self.times { histogram.record(time) }
    let (exact, counted) = (Distribution(Self.times), Distribution(histogram))
    #expect(counted.count == exact.count)
    for perMille in 0...1000 {
      let (one, other) = (exact.quantile(perMille: perMille), counted.quantile(perMille: perMille))
      let distance = one > other ? one - other : other - one
      #expect(distance <= one / 1000, "\(one) and \(other) at \(perMille) ‰")
    }
    #expect((counted.mean / exact.mean - 1).magnitude <= 0.001)
    #expect((counted.standardDeviation / exact.standardDeviation - 1).magnitude <= 0.001)
    #expect((Double(counted.median) / Double(exact.median) - 1).magnitude <= 0.001)
  }

  @Test func knowsTheShortestAndTheLongestExactly() {
    var histogram = Histogram()
    for time in Self.times { histogram.record(time) }
    #expect(Distribution(histogram).min == Self.times.min())
    #expect(Distribution(histogram).max == .max)
  }

  @Test func isExactBelowTwoThousand() {
    var histogram = Histogram()
    for time in UInt64(0)..<2048 { histogram.record(time) }
    #expect(histogram.buckets.map(\.value) == Array(0..<2048))
    #expect(histogram.buckets.allSatisfy { $0.count == 1 })
  }

  @Test func isEmptyBeforeAnythingIsRecorded() {
    let distribution = Distribution(Histogram())
    #expect(distribution.count == 0)
    #expect(distribution.median == 0 && distribution.max == 0 && distribution.mean == 0)
    #expect(distribution.percentile(99) == 0)
  }
}
