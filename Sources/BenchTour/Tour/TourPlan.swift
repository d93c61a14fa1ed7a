import BenchSupport

/// The numbers that define what the tour measures.
struct TourPlan {
  static let names = ["01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket"]
  /// The articles' experiment: thirty requests, ten at a time, and then all at the same time.
  static let requests = 30
  static let articleClients = 10
  /// Broadcasts to all WebSockets, one after the other; the median counts.
  static let broadcasts = 11
  /// The level that the table shows.
  static let usualClients = 64

  let servers: [String]
  /// How long the slow backend takes, in milliseconds.
  let delay: Int
  /// The numbers of simultaneous clients, for throughput.
  let levels: [Int]
  /// How long each level is measured, in milliseconds.
  let time: Int
  /// Every figure of throughput is the median of this many rounds.
  let rounds: Int
  let webSockets: Int

  init(_ options: TourOptions) {
    func scaled(_ number: Int) -> Int { max(1, Int((Double(number) * options.scale).rounded())) }
    servers = options.servers.map { Self.names[$0 - 1] }
    delay = scaled(options.isQuick ? 100 : 500)
    levels = options.isQuick ? [1, 16, 64] : [1, 4, 16, 64, 256]
    time = scaled(options.isQuick ? 500 : 1000)
    rounds = options.isQuick ? 1 : 3
    webSockets = scaled(1000)
  }

  /// Every round starts with another server, so that no server always runs right after the same
  /// other one.
  func order(ofRound round: Int) -> [String] {
    let first = round % servers.count
    return Array(servers[first...] + servers[..<first])
  }

  /// For the progress line: the measurements of each server in the first round, and in every other.
  var steps: Int { servers.count * (rounds * (levels.count + 1) + 3) }
}
