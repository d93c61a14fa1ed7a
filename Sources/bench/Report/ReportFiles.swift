import Common

/// The files of `-e`, `-g`, `--csv`, `--hdr` and `--json`, as far as they were asked for.
struct ReportFiles: ~Copyable {
  private let percentiles: OutputFile?
  private let requests: OutputFile?
  private let csv: OutputFile?
  private let histogram: OutputFile?
  private let json: OutputFile?

  init(_ options: BenchOptions) throws(UsageError) {
    let percentiles = try Self.open(options.percentilesFile)
    let requests = try Self.open(options.requestsFile)
    let csv = try Self.open(options.csvFile)
    let histogram = try Self.open(options.histogramFile)
    let json = try Self.open(options.jsonFile)
    self.percentiles = percentiles
    self.requests = requests
    self.csv = csv
    self.histogram = histogram
    self.json = json
  }

  private static func open(_ path: String?) throws(UsageError) -> OutputFile? {
    guard let path else { return nil }
    return try OutputFile(path)
  }

  func write(_ report: JSONReport) {
    writeTimes(report.result.reported)
    Self.with(requests) { writeRequests(report.result, to: $0) }
    Self.with(csv) { writeCSV(report.result, to: $0) }
    Self.with(json) { report.write(to: $0) }
  }

  func write(_ report: WebSocketJSONReport) {
    writeTimes(report.result.reported(report.options.kind))
    Self.with(json) { report.write(to: $0) }
  }

  private func writeTimes(_ times: Distribution) {
    Self.with(percentiles) { writePercentiles(times, to: $0) }
    Self.with(histogram) { writeHistogram(times, to: $0) }
  }

  private static func with(
    _ file: borrowing OutputFile?, _ write: (borrowing OutputFile) -> Void
  ) {
    switch file {
    case .some(let file): write(file)
    case .none: break
    }
  }
}
