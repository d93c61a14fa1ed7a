import BenchSupport

/// What a server's figures say, in words. The figures choose every sentence, not the server's name.
struct Verdict {
  private let server: TourRecord.Server
  private let delay: Double
  private let webSockets: Int

  init(_ server: TourRecord.Server, _ record: TourRecord) {
    self.server = server
    delay = Double(max(record.delayNs, 1))
    webSockets = record.webSockets
  }

  var text: String {
    let parts = [articles, crowd, throughput, broadcast, problem]
    return parts.compactMap { $0 }.joined(separator: " ")
  }

  /// Ten clients: does one wait for another?
  private var articles: String? {
    guard !server.articles.isEmpty else { return nil }
    let times = Distribution(TourRecord.Server.samples(server.articles).map(\.total))
    let delays = Double(times.median) / delay
    if delays < 1.5 { return "Ten clients do not wait for each other." }
    return
      "Ten clients wait for each other: half of their requests take \(figures(delays)) delays or more."
  }

  /// Thirty at once: how many at a time?
  private var crowd: String? {
    guard let end = TourRecord.Server.samples(server.crowd).map(\.end).max() else { return nil }
    let delays = Double(end) / delay
    if delays < 1.5 { return "Nor do thirty." }
    return "Thirty at once are done after \(figures(delays)) delays."
  }

  private var throughput: String? {
    guard let level = server.usual, let rate = level.median(\.requestsPerSecond),
      let served = level.median(\.clientsServed), let cost = level.median(\.cpuNsPerRequest)
    else { return nil }
    let rates = (level.clientIsTheLimit ? "at least " : "") + grouped(Int(rate))
    let price = "\(rates) requests/s, \(shortTime(Double(cost))) of CPU each"
    if served < level.clients {
      return
        "Of \(level.clients) clients that keep their connections it serves \(served), while the others wait: \(price)."
    }
    return "It serves all of \(level.clients) clients that keep their connections: \(price)."
  }

  private var broadcast: String? {
    guard let connected = server.connected, let last = server.lastOfBroadcast else { return nil }
    if connected < webSockets {
      return "Of \(grouped(webSockets)) WebSockets it lets in \(grouped(connected))."
    }
    let missing =
      server.broadcasts.contains { $0.reach < 1 } ? ", but not every client gets it" : ""
    return
      "A broadcast reaches the last of \(grouped(connected)) WebSockets after \(shortTime(Double(last)))\(missing)."
  }

  private var problem: String? {
    server.problem.map { "It could not be measured completely: \($0)." }
  }
}
