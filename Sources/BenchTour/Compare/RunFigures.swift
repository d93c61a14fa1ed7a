import BenchSupport
import CommandLineOptions
import FoundationEssentials

/// The part of a run's `--json` record that `compare` reads.
struct RunFigures: Decodable {
  struct Result: Decodable {
    let requestsPerSecond: Double?
    let messagesPerSecond: Double?
    let complete: Double?
    let messages: Double?
    let clientCpuNs: Double
  }

  struct Target: Decodable {
    let path: String?
    let serverSoftware: String?
    let otherServerSoftware: String?
  }

  struct Rate: Decodable {
    let wanted: Double
  }

  let kind: String
  let result: Result
  let timesNs: [String: [String: Double]]
  private let target: Target?
  private let concurrency: Int?
  private let keepAlive: Bool?
  private let messageBytes: Int?
  private let inFlight: Int?
  private let rate: Rate?

  /// - Throws: a ``UsageError`` if the file cannot be read, or if `--json` did not write it.
  static func read(_ path: String) throws(UsageError) -> RunFigures {
    let bytes: [UInt8]
    do {
      bytes = try readFile(path)
    } catch {
      throw UsageError("compare: cannot read \(path): \(error)")
    }
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(RunFigures.self, from: Data(bytes))
    } catch {
      throw UsageError("compare: \(path) is not what bench --json writes")
    }
  }

  /// The servers that answered, by their `Server` field; empty if they sent none.
  var servers: [String] {
    [target?.serverSoftware, target?.otherServerSoftware].compactMap { $0 }.filter { !$0.isEmpty }
  }

  /// The options that decide what a run measures. Runs of one group have the same.
  var setup: String {
    let parts: [String?] = [
      target?.path, concurrency.map { "-c \($0)" }, keepAlive == true ? "-k" : nil,
      messageBytes.map { "--size \($0)" }, inFlight.map { "--in-flight \($0)" },
      rate.map { "--rate \(fixed($0.wanted, 3))" },
    ]
    return parts.compactMap { $0 }.joined(separator: " ")
  }

  /// The figures by which repeated runs are compared; `nil` if this kind of run does not have one.
  static let metrics: [(name: String, value: @Sendable (RunFigures) -> Double?)] = [
    ("requests/s", { $0.result.requestsPerSecond }),
    ("messages/s", { $0.result.messagesPerSecond }),
    ("p50 (ms)", { $0.milliseconds("p50") }),
    ("p99 (ms)", { $0.milliseconds("p99") }),
    ("max (ms)", { $0.milliseconds("max") }),
    ("client CPU (us)", { $0.clientCPU }),
  ]

  /// The times that the run's own report shows: response times if there are any.
  private func milliseconds(_ name: String) -> Double? {
    ["response", "total", "round_trip", "last"].compactMap { timesNs[$0] }.first?[name]
      .map { $0 / 1e6 }
  }

  /// For each request or message, in microseconds.
  private var clientCPU: Double? {
    guard let count = result.complete ?? result.messages, count > 0 else { return nil }
    return result.clientCpuNs / count / 1e3
  }
}
