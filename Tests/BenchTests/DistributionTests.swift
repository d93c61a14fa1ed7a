import Testing

@testable import BenchSupport
@testable import bench

struct DistributionTests {
  @Test func takesThePercentileOfNearestRank() {
    for count in [1, 2, 3, 10, 99, 100, 101, 1000] {
      let sorted = (0..<count).map { UInt64($0 * $0 + 7) }
      let distribution = Distribution(sorted.shuffled())
      for percent in 1...100 {
        let percentile = distribution.percentile(percent)
        // The definition: at least this many percent are not above it, and that is not true of the
        // next smaller value.
        let notAbove = sorted.count { $0 <= percentile }
        #expect(notAbove * 100 >= percent * count)
        #expect((notAbove - 1) * 100 < percent * count)
      }
      #expect(distribution.percentile(0) == sorted.first)
    }
  }

  @Test func oneSlowRequestInAHundredIsBeyondTheNinetyNinthPercentile() {
    let distribution = Distribution([UInt64](repeating: 1, count: 99) + [500])
    #expect(distribution.percentile(99) == 1)
    #expect(distribution.max == 500)
  }

  @Test func takesTheMedianInTheMiddle() {
    #expect(Distribution([30, 10, 20]).median == 20)
    #expect(Distribution([40, 10, 20, 30]).median == 25)
    #expect(Distribution([7]).median == 7)
    #expect(Distribution([]).median == 0)
  }

  @Test func takesMeanAndDeviationOfASample() {
    let distribution = Distribution([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(distribution.mean == 5)
    #expect(fixed(distribution.standardDeviation, 6) == "2.138090")
    #expect(Distribution([3]).standardDeviation == 0)
  }

  @Test(arguments: [
    (1.0, 2, "1.00"), (0.005, 2, "0.01"), (-1.5, 1, "-1.5"), (-0.4, 0, "0"),
    (1234.5678, 3, "1234.568"),
    (0, 3, "0.000"), (99.9996, 3, "100.000"),
  ])
  func writesFixedDecimals(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(fixed(value, decimals) == text)
  }

  @Test func writesNanosecondsAsMilliseconds() {
    #expect(milliseconds(0) == "0.000")
    #expect(milliseconds(499) == "0.000")
    #expect(milliseconds(500) == "0.001")
    #expect(milliseconds(12_345_678) == "12.346")
  }
}
