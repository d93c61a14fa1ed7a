import Glibc

/// A mapping of values to positions along one side of a picture, with its ticks.
struct Axis {
  enum Scale { case linear, logarithmic }

  let scale: Scale
  let values: ClosedRange<Double>
  /// The positions of the lowest and the highest value; on a vertical axis the first is the larger
  /// number.
  let from: Double
  let to: Double
  let ticks: [Double]

  /// From zero to `highest`, or to the tick after it.
  static func linear(
    upTo highest: Double, from: Double, to: Double, ticks count: Int, endsOnTick: Bool = false
  ) -> Axis {
    let highest = highest > 0 ? highest : 1
    let step = niceStep(highest / Double(count))
    let last = endsOnTick ? (highest / step).rounded(.up) * step : highest
    let ticks = (0...Int(last / step * 1.0001)).map { Double($0) * step }
    return Axis(scale: .linear, values: 0...last, from: from, to: to, ticks: ticks)
  }

  /// Whole decades around `values`, which are above zero.
  static func decades(around values: [Double], from: Double, to: Double) -> Axis {
    let low = log10(values.min() ?? 1).rounded(.down)
    let high = max(log10(values.max() ?? 1).rounded(.up), low + 1)
    let ticks = stride(from: low, through: high, by: 1).map { pow(10, $0) }
    return Axis(
      scale: .logarithmic, values: ticks[0]...ticks[ticks.count - 1], from: from, to: to,
      ticks: ticks)
  }

  func place(_ value: Double) -> Double {
    let (low, high, value) =
      scale == .linear
      ? (values.lowerBound, values.upperBound, value)
      : (log10(values.lowerBound), log10(values.upperBound), log10(value))
    return from + (to - from) * (value - low) / (high - low)
  }

  /// 1, 2 or 5 times a power of ten, at least `rough`.
  private static func niceStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
  }
}
