import BenchSupport

/// Counts times instead of keeping them: an HDR histogram ("high dynamic range", after Gil Tene's).
///
/// Every power of two is divided into 1,024 equal buckets, so a bucket is never wider than 1/1,024
/// of its values: three digits, from nanoseconds to centuries. All buckets are one flat array,
/// allocated once:
///
///     0…2047            a bucket for each value
///     2048…4095         1,024 buckets of two values
///     4096…8191         1,024 buckets of four values, and so on
struct Histogram: Sendable {
  /// Buckets for each power of two.
  private static let half = 1024
  /// The width of the first buckets with more than one value is 2 to the power of 1; of the last, 2
  /// to the power of 53.
  private static let widths = 54
  private var counts = [Int](repeating: 0, count: (widths + 1) * half)
  private(set) var count = 0
  private(set) var min = UInt64.max
  private(set) var max: UInt64 = 0

  @inline(__always)
  mutating func record(_ value: UInt64) {
    counts[Self.index(of: value)] += 1
    count += 1
    if value < min { min = value }
    if value > max { max = value }
  }

  /// The bucket of a value with `exponent + 11` bits is chosen by its eleven highest bits, which
  /// are 1,024 to 2,047.
  @inline(__always)
  private static func index(of value: UInt64) -> Int {
    let exponent = Swift.max(0, 53 - value.leadingZeroBitCount)
    return exponent * half + Int(value >> UInt64(exponent))
  }

  /// The middle of a bucket: at most 1/2,048 away from each of its values.
  private static func middle(_ index: Int) -> UInt64 {
    let exponent = Swift.max(0, index / half - 1)
    let lowest = UInt64(index - exponent * half) << UInt64(exponent)
    return lowest + (UInt64(1) << UInt64(exponent)) / 2
  }

  /// The recorded values in ascending order: a value for each bucket in use, and its count. The
  /// shortest and the longest have separate entries, and are exact.
  var buckets: [(value: UInt64, count: Int)] {
    guard count > 1 else { return count == 0 ? [] : [(min, 1)] }
    var inner = counts
    inner[Self.index(of: min)] -= 1
    inner[Self.index(of: max)] -= 1
    let used = inner.indices.filter { inner[$0] > 0 }.map { index in
      (Swift.min(Swift.max(Self.middle(index), min), max), inner[index])
    }
    return [(min, 1)] + used + [(max, 1)]
  }
}

extension Distribution {
  /// Every time except the shortest and the longest is known to 1/2,048.
  init(_ histogram: Histogram) { self.init(buckets: histogram.buckets) }
}
