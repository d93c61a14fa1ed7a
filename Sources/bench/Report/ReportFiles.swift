import Common

/// The files of `-e`, `-g` and `--json`, as far as they were asked for.
struct ReportFiles: ~Copyable {
  private let percentiles: OutputFile?
  private let requests: OutputFile?
  private let json: OutputFile?

  init(_ options: BenchOptions) throws(UsageError) {
    let percentiles = try Self.open(options.percentilesFile)
    let requests = try Self.open(options.requestsFile)
    let json = try Self.open(options.jsonFile)
    self.percentiles = percentiles
    self.requests = requests
    self.json = json
  }

  private static func open(_ path: String?) throws(UsageError) -> OutputFile? {
    guard let path else { return nil }
    return try OutputFile(path)
  }

  func write(_ options: BenchOptions, _ result: RunResult, _ times: RunResult.Times) {
    switch percentiles {
    case .some(let file): writePercentiles(times.total, to: file)
    case .none: break
    }
    switch requests {
    case .some(let file): writeRequests(result, to: file)
    case .none: break
    }
    switch json {
    case .some(let file): JSONReport(options: options, result: result, times: times).write(to: file)
    case .none: break
    }
  }
}
