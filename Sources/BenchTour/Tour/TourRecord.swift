import BenchSupport
import CommandLineOptions

/// Everything that a tour measured: `--json` writes it, `bench plot` reads it. Times are
/// nanoseconds.
struct TourRecord: Codable {
  var tool = versionLine(of: "bench")
  var toolchain = Machine.toolchain
  var system: String
  var processor: String
  var cores: Int
  var isQuick: Bool
  var delayNs: UInt64
  var webSockets: Int
  var servers: [Server]

  struct Server: Codable {
    let name: String
    /// Thirty requests, ten at a time, and all at once: start, connect, wait and total of each.
    var articles: [[UInt64]] = []
    var crowd: [[UInt64]] = []
    var levels: [Level] = []
    /// The times of the usual number of clients in the first round.
    var curve: PercentileCurve.Curve?
    var broadcasts: [Broadcast] = []
    var peakMemoryBytes = 0
    var threads = 0
    var descriptors = 0
    /// The `Server` field of its responses; `nil` until there is one.
    var software: String?
    /// Requests that got no proper answer.
    var failed = 0
    /// Why it could not be measured completely.
    var problem: String?
    var verdict = ""
  }

  /// A number of clients that keep their connections, and a run per round.
  struct Level: Codable {
    let clients: Int
    var rounds: [Round] = []
  }

  struct Round: Codable {
    let requestsPerSecond: Double
    let medianNs: UInt64
    let p99Ns: UInt64
    let maxNs: UInt64
    /// How many of the clients got an answer.
    let clientsServed: Int
    let cpuNsPerRequest: UInt64
    let clientIsTheLimit: Bool
  }

  /// All WebSockets are connected, one sends, and every one receives.
  struct Broadcast: Codable {
    let connected: Int
    let reach: Double
    let firstNs: UInt64
    let medianNs: UInt64
    let lastNs: UInt64
  }
}

extension TourRecord.Level {
  /// The median of the rounds.
  func median<Value: Comparable>(_ value: KeyPath<TourRecord.Round, Value>) -> Value? {
    let values = rounds.map { $0[keyPath: value] }.sorted()
    return values.isEmpty ? nil : values[values.count / 2]
  }

  /// Whether the load was the limit in most rounds.
  var clientIsTheLimit: Bool { rounds.count(where: \.clientIsTheLimit) * 2 > rounds.count }

  var longest: UInt64? { rounds.map(\.maxNs).max() }
}

extension TourRecord.Server {
  /// The level that the table shows: the usual one.
  var usual: TourRecord.Level? { levels.last { $0.clients <= TourPlan.usualClients } }

  /// The fewest WebSockets in any round.
  var connected: Int? { broadcasts.map(\.connected).min() }

  /// The median of the rounds.
  var lastOfBroadcast: UInt64? {
    broadcasts.isEmpty ? nil : broadcasts.map(\.lastNs).sorted()[broadcasts.count / 2]
  }

  /// In the order in which the requests ended.
  static func samples(_ rows: [[UInt64]]) -> [RequestBar] {
    rows.filter { $0.count == 4 }.map {
      RequestBar(start: $0[0], connect: $0[1], wait: $0[2], total: $0[3])
    }
  }
}
