import Foundation

/// The part of the `--json` record that the tests look at.
struct RunRecord: Decodable {
  struct Accounting: Decodable, Equatable {
    var sent = 0
    var ok = 0
    var non2xx = 0
    var lengthDiffers = 0
    var truncated = 0
    var reset = 0
    var timedOut = 0
    var notHttp = 0
    var unconnected = 0
    var unfinished = 0

    var sum: Int {
      ok + non2xx + lengthDiffers + truncated + reset + timedOut + notHttp + unconnected
        + unfinished
    }

    enum CodingKeys: String, CodingKey {
      case sent, ok, truncated, reset, unconnected, unfinished
      case non2xx = "non_2xx"
      case lengthDiffers = "length_differs"
      case timedOut = "timed_out"
      case notHttp = "not_http"
    }
  }

  struct Result: Decodable {
    let complete: Int
    let failed: Int
    let retried: Int
    let keptAlive: Int
    let bytesReceived: Int
    let bodyBytes: Int
    let bytesSent: Int
    let endedBy: String?

    enum CodingKeys: String, CodingKey {
      case complete, failed, retried
      case keptAlive = "kept_alive"
      case bytesReceived = "bytes_received"
      case bodyBytes = "body_bytes"
      case bytesSent = "bytes_sent"
      case endedBy = "ended_by"
    }
  }

  struct Rate: Decodable {
    let wanted: Double
    let neverSent: Int

    enum CodingKeys: String, CodingKey {
      case wanted
      case neverSent = "never_sent"
    }
  }

  let kind: String
  let command: [String]
  let toolchain: String
  let machine: [String: JSONValue]
  let accounting: Accounting
  let result: Result
  let rate: Rate?
  let times: [String: [String: Double]]
  /// In each row: start, connect, wait, total, late.
  let requests: [[Int]]

  enum CodingKeys: String, CodingKey {
    case kind, command, toolchain, machine, accounting, result, rate
    case times = "times_ns"
    case requests = "requests_ns"
  }

  /// A text or a number.
  enum JSONValue: Decodable {
    case text(String)
    case number(Int)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self =
        if let number = try? container.decode(Int.self) { .number(number) } else {
          .text(try container.decode(String.self))
        }
    }
  }
}

/// A run with `--json`, its exit status and what else it printed.
struct Measured {
  let record: RunRecord
  let output: BenchProcess.Output

  init(_ arguments: String...) throws { try self.init(arguments) }

  init(_ arguments: [String]) throws {
    let file = try TemporaryFile()
    try self.init(arguments, keptAt: file.path)
  }

  /// - Parameter path: the file that keeps the record, for tests that read it again.
  init(_ arguments: [String], keptAt path: String) throws {
    output = try BenchProcess.run(["--json", path] + arguments)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    record = try JSONDecoder().decode(RunRecord.self, from: data)
  }
}
