/// A set of times in nanoseconds and what is known about it. The mean and the deviation are `Double`.
struct Distribution: Sendable {
  /// Ascending.
  private let sorted: [UInt64]

  /// - Parameter times: in any order.
  init(_ times: [UInt64]) { sorted = times.sorted() }

  var count: Int { sorted.count }
  var min: UInt64 { sorted.first ?? 0 }
  var max: UInt64 { sorted.last ?? 0 }

  /// The mean of the two in the middle where their number is even.
  var median: UInt64 {
    guard !sorted.isEmpty else { return 0 }
    let (low, high) = (sorted[(count - 1) / 2], sorted[count / 2])
    return low + (high - low) / 2
  }

  /// Nearest rank: the smallest time that at least `percent` of all did not exceed.
  /// - Parameter percent: 0 to 100; 0 is the shortest.
  func percentile(_ percent: Int) -> UInt64 {
    guard !sorted.isEmpty else { return 0 }
    let rank = (count * percent + 99) / 100
    return sorted[Swift.max(rank, 1) - 1]
  }

  var mean: Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted.reduce(0.0) { $0 + Double($1) } / Double(count)
  }

  /// Of a sample: the divisor is one less than the number of times.
  var standardDeviation: Double {
    guard count > 1 else { return 0 }
    let mean = mean
    let squares = sorted.reduce(0.0) { sum, time in
      let distance = Double(time) - mean
      return sum + distance * distance
    }
    return (squares / Double(count - 1)).squareRoot()
  }
}
