import BenchSupport
import CommandLineOptions

/// The files of `-e`, `-g`, `--csv`, `--hdr` and `--json`, if the options ask for them: opened
/// before the run.
struct ReportFiles {
  private let percentiles: OutputFile?
  private let requests: OutputFile?
  private let csv: OutputFile?
  private let histogram: OutputFile?
  private let json: OutputFile?

  /// - Throws: a ``UsageError`` if one of them cannot be opened for writing.
  init(_ options: BenchOptions) throws(UsageError) {
    percentiles = try Self.open(options.percentilesFile)
    requests = try Self.open(options.requestsFile)
    csv = try Self.open(options.csvFile)
    histogram = try Self.open(options.histogramFile)
    json = try Self.open(options.jsonFile)
  }

  private static func open(_ path: String?) throws(UsageError) -> OutputFile? {
    guard let path else { return nil }
    return try OutputFile(path)
  }

  /// - Throws: an ``OutputError`` that names each file that is not complete.
  func write(_ report: JSONReport) throws(OutputError) {
    writeTimes(report.result.reported)
    if let requests { writeRequests(report.result, to: requests) }
    if let csv { writeCSV(report.result, to: csv) }
    if let json { report.write(to: json) }
    try close()
  }

  /// - Throws: an ``OutputError`` that names each file that is not complete.
  func write(_ report: WebSocketJSONReport) throws(OutputError) {
    writeTimes(report.result.reported(report.options.kind))
    if let json { report.write(to: json) }
    try close()
  }

  private func writeTimes(_ times: Distribution) {
    if let percentiles { writePercentiles(times, to: percentiles) }
    if let histogram { writeHistogram(times, to: histogram) }
  }

  /// Closes all of them, even if one fails.
  private func close() throws(OutputError) {
    var errors: [OutputError] = []
    for file in [percentiles, requests, csv, histogram, json] {
      do { try file?.close() } catch { errors.append(error) }
    }
    guard errors.isEmpty else {
      throw OutputError(errors.map(\.description).joined(separator: "; "))
    }
  }
}
