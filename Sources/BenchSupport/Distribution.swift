/// A set of times in nanoseconds and its statistics. The mean and the deviation are `Double`.
package struct Distribution: Sendable {
  /// Ascending.
  private let values: [UInt64]
  /// The number of all times that are not above the value at the same index.
  private let ranks: [Int]

  /// - Parameter times: in any order.
  package init(_ times: [UInt64]) {
    values = times.sorted()
    ranks = Array(1..<times.count + 1)
  }

  /// - Parameter buckets: ascending values, and how many times each stands for.
  package init(buckets: [(value: UInt64, count: Int)]) {
    values = buckets.map(\.value)
    ranks = buckets.reduce(into: []) { ranks, bucket in
      ranks.append((ranks.last ?? 0) + bucket.count)
    }
  }

  package var count: Int { ranks.last ?? 0 }
  package var min: UInt64 { values.first ?? 0 }
  package var max: UInt64 { values.last ?? 0 }

  /// The mean of the two middle times if their number is even.
  package var median: UInt64 {
    guard count > 0 else { return 0 }
    let (low, high) = (values[place(of: (count + 1) / 2)], values[place(of: count / 2 + 1)])
    return low + (high - low) / 2
  }

  /// Nearest rank: the smallest time that at least `percent` of all times do not exceed.
  /// - Parameter percent: 0 to 100; 0 is the shortest.
  package func percentile(_ percent: Int) -> UInt64 { quantile(perMille: percent * 10) }

  /// The same in steps of a tenth of a percent.
  package func quantile(perMille: Int) -> UInt64 {
    guard count > 0 else { return 0 }
    return values[place(of: Swift.max((count * perMille + 999) / 1000, 1))]
  }

  /// The time that at least this share of all times does not exceed, and how many times do not
  /// exceed it.
  /// - Parameter share: 0 to 1.
  package func step(at share: Double) -> (value: UInt64, count: Int) {
    guard count > 0 else { return (0, 0) }
    let rank = Swift.min(Swift.max(Int((share * Double(count)).rounded(.up)), 1), count)
    var place = place(of: rank)
    while place + 1 < values.count && values[place + 1] == values[place] { place += 1 }
    return (values[place], ranks[place])
  }

  package var mean: Double { count == 0 ? 0 : sum { Double($0) } / Double(count) }

  /// The deviation of a sample: the divisor is one less than the number of times.
  package var standardDeviation: Double {
    guard count > 1 else { return 0 }
    let mean = mean
    return (sum { (Double($0) - mean) * (Double($0) - mean) } / Double(count - 1)).squareRoot()
  }

  private func sum(_ term: (UInt64) -> Double) -> Double {
    var sum = 0.0
    var below = 0
    for (value, rank) in zip(values, ranks) {
      sum += Double(rank - below) * term(value)
      below = rank
    }
    return sum
  }

  /// The index of the value with this rank, counted from 1: a binary search.
  private func place(of rank: Int) -> Int {
    var (low, high) = (0, ranks.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ranks[middle] < rank { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
