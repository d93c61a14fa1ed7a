import BenchSupport
import CommandLineOptions
import Common

/// A condition of `--fail-if` such as `p99>5ms`: if it holds, the run failed.
struct Threshold: Sendable {
  /// The figures that a threshold can limit.
  struct Metrics {
    /// Response times if there is a rate.
    let times: Distribution
    let errors: Int
    let rate: Double
  }

  /// The text as it was given.
  let text: String
  private let metric: Metric
  private let isUpper: Bool
  private let limit: Double

  private enum Metric: String, CaseIterable {
    case p50, p90, p95, p99
    case p999 = "p99.9"
    case max, mean, errors, rate

    var isTime: Bool { self != .errors && self != .rate }

    /// Times in nanoseconds.
    func value(_ metrics: Metrics) -> Double {
      switch self {
      case .p50: Double(metrics.times.percentile(50))
      case .p90: Double(metrics.times.percentile(90))
      case .p95: Double(metrics.times.percentile(95))
      case .p99: Double(metrics.times.percentile(99))
      case .p999: Double(metrics.times.quantile(perMille: 999))
      case .max: Double(metrics.times.max)
      case .mean: metrics.times.mean
      case .errors: Double(metrics.errors)
      case .rate: metrics.rate
      }
    }
  }

  /// Throws the second half of a usage error.
  init(_ text: String) throws(UsageError) {
    let help =
      "expected a condition like 'p99>5ms', 'errors>0' or 'rate<1000'; times in us, ms or s, of p50 p90"
    let mistake = UsageError("\(help) p95 p99 p99.9 max mean")
    guard let sign = text.firstIndex(where: { $0 == ">" || $0 == "<" }),
      let metric = Metric(rawValue: String(text[..<sign]))
    else { throw mistake }
    let value = text[text.index(after: sign)...]
    let digits = value.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let units = metric.isTime ? ["us": 1e3, "ms": 1e6, "s": 1e9] : ["": 1]
    guard let number = Double(digits), let unit = units[String(value[digits.endIndex...])] else {
      throw mistake
    }
    self.text = text
    self.metric = metric
    isUpper = text[sign] == ">"
    limit = number * unit
  }

  /// What is wrong, if anything.
  func complaint(about metrics: Metrics) -> String? {
    let value = metric.value(metrics)
    guard isUpper ? value > limit : value < limit else { return nil }
    let seen = metric.isTime ? "\(fixed(value / 1e6, 3)) ms" : fixed(value, metric == .rate ? 2 : 0)
    return "\(text): \(metric.rawValue) is \(seen)"
  }
}

extension [Threshold] {
  /// The exit code, taking thresholds into account, which override failures; a crossed threshold is
  /// named in one line.
  func check(_ metrics: Threshold.Metrics, otherwise code: ExitCode) -> ExitCode {
    let complaints = compactMap { $0.complaint(about: metrics) }
    guard !complaints.isEmpty else { return code }
    printError("bench: threshold crossed: \(complaints.joined(separator: "; "))")
    return .threshold
  }
}
