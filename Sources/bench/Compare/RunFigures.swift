import Common
import FoundationEssentials

/// What `compare` reads of a run's `--json`.
struct RunFigures: Decodable {
  struct Result: Decodable {
    let requestsPerSecond: Double?
    let messagesPerSecond: Double?
    let complete: Double?
    let messages: Double?
    let clientCPU: Double

    enum CodingKeys: String, CodingKey {
      case complete, messages
      case requestsPerSecond = "requests_per_second"
      case messagesPerSecond = "messages_per_second"
      case clientCPU = "client_cpu_ns"
    }
  }

  let kind: String
  let result: Result
  let times: [String: [String: Double]]

  enum CodingKeys: String, CodingKey {
    case kind, result
    case times = "times_ns"
  }

  /// Throws where the file cannot be read, or is none of ours.
  static func read(_ path: String) throws(UsageError) -> RunFigures {
    let bytes: [UInt8]
    do {
      bytes = try readFile(path)
    } catch {
      throw UsageError("cannot read \(path): \(error)")
    }
    do {
      return try JSONDecoder().decode(RunFigures.self, from: Data(bytes))
    } catch {
      throw UsageError("\(path) is not what bench --json writes")
    }
  }

  /// What repeated runs are compared by; `nil` where this kind of run does not have it.
  static let metrics: [(name: String, value: @Sendable (RunFigures) -> Double?)] = [
    ("requests/s", { $0.result.requestsPerSecond }),
    ("messages/s", { $0.result.messagesPerSecond }),
    ("p50 (ms)", { $0.milliseconds("p50") }),
    ("p99 (ms)", { $0.milliseconds("p99") }),
    ("max (ms)", { $0.milliseconds("max") }),
    ("client CPU (us)", { $0.clientCPU }),
  ]

  /// Of what the run's own report is about: response times if there are any.
  private func milliseconds(_ name: String) -> Double? {
    ["response", "total", "round_trip", "last"].compactMap { times[$0] }.first?[name]
      .map { $0 / 1e6 }
  }

  /// For each request or message, in microseconds.
  private var clientCPU: Double? {
    guard let count = result.complete ?? result.messages, count > 0 else { return nil }
    return result.clientCPU / count / 1e3
  }
}
