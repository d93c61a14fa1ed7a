/// Whether two sets of repeated measurements differ: the Mann–Whitney U test, two-sided and exact.
///
/// It compares every pair of values and asks only which one is larger, because measurements on a
/// real machine are not normally distributed. If both sets came from the same source, all ways to deal
/// the values out to them would be equally likely; `p` is the share of those ways that are at least
/// as far from the middle as the observed one.
struct MannWhitney {
  /// The number of pairs whose larger value is in the first set; equal values count half.
  let u: Double
  let p: Double

  /// - Precondition: neither set is empty, and both together have at most 200 values: the time
  /// grows with the cube of their number.
  init(_ first: [Double], _ second: [Double]) {
    precondition(!first.isEmpty && !second.isEmpty && first.count + second.count <= 200)
    let ranks = Self.doubledRanks(first + second)
    let sum = ranks[..<first.count].reduce(0, +)
    u = Double(sum - first.count * (first.count + 1)) / 2
    let ways = Self.waysToSum(ranks, choosing: first.count)
    // The mean of the sum, times the number of values, so that it is a whole number.
    let middle = first.count * ranks.reduce(0, +)
    let distance = (sum * ranks.count - middle).magnitude
    var (all, extreme) = (0.0, 0.0)
    for (sum, count) in ways.enumerated() {
      all += count
      if (sum * ranks.count - middle).magnitude >= distance { extreme += count }
    }
    p = extreme / all
  }

  /// The rank of each value among all, from 1; equal values share the mean of their ranks. It is
  /// doubled, so that it is a whole number.
  private static func doubledRanks(_ values: [Double]) -> [Int] {
    values.map { value in
      let below = values.count { $0 < value }
      let equal = values.count { $0 == value }
      return 2 * below + equal + 1
    }
  }

  /// The number of ways in which this many of the ranks have each sum.
  private static func waysToSum(_ ranks: [Int], choosing count: Int) -> [Double] {
    let highest = ranks.sorted().suffix(count).reduce(0, +)
    let none = [Double](repeating: 0, count: highest + 1)
    var ways = [[Double]](repeating: none, count: count + 1)
    ways[0][0] = 1
    for rank in ranks {
      // Downwards, so that each rank is chosen at most once.
      for chosen in stride(from: count, to: 0, by: -1) {
        for sum in stride(from: highest, through: rank, by: -1) {
          ways[chosen][sum] += ways[chosen - 1][sum - rank]
        }
      }
    }
    return ways[count]
  }
}
