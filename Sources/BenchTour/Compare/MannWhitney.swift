/// Whether two sets of repeated measurements differ: the Mann–Whitney U test, two-sided and exact.
///
/// It asks of every pair which of the two is larger, and nothing about how much: no figure of a
/// machine is normally distributed. If both sets came from the same source, all ways to deal the
/// values out to them were equally likely; `p` is the share of those that lie at least as far from
/// the middle as what was seen.
struct MannWhitney {
  /// How many pairs have the larger value in the first set; equal ones count half.
  let u: Double
  let p: Double

  /// - Precondition: neither is empty, and both together have at most 200: counting takes time with
  ///   the cube of that.
  init(_ first: [Double], _ second: [Double]) {
    precondition(!first.isEmpty && !second.isEmpty && first.count + second.count <= 200)
    let ranks = Self.doubledRanks(first + second)
    let sum = ranks[..<first.count].reduce(0, +)
    u = Double(sum - first.count * (first.count + 1)) / 2
    let ways = Self.waysToSum(ranks, choosing: first.count)
    // The mean of the sum, times the number of values to stay with whole numbers.
    let middle = first.count * ranks.reduce(0, +)
    let distance = (sum * ranks.count - middle).magnitude
    var (all, extreme) = (0.0, 0.0)
    for (sum, count) in ways.enumerated() {
      all += count
      if (sum * ranks.count - middle).magnitude >= distance { extreme += count }
    }
    p = extreme / all
  }

  /// The place of each value among all, from 1; equal ones share the mean of theirs. Twice that, to
  /// be whole.
  private static func doubledRanks(_ values: [Double]) -> [Int] {
    values.map { value in
      let below = values.count { $0 < value }
      let equal = values.count { $0 == value }
      return 2 * below + equal + 1
    }
  }

  /// In how many ways so many of the ranks have each sum.
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
