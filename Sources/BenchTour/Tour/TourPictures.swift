import BenchSupport

/// The pictures of a tour, each with the name of its file.
struct TourPictures {
  private let record: TourRecord

  init(_ record: TourRecord) { self.record = record }

  var all: [(name: String, picture: SVG)] {
    [
      ("timeline", timeline), ("crowd", crowd), ("throughput", throughput),
      ("percentiles", percentiles), ("costs", costs), ("broadcast", broadcast),
    ].compactMap { name, picture in picture.map { (name, $0) } }
  }

  private var servers: [(series: Series, server: TourRecord.Server)] {
    record.servers.enumerated().map { (Series($1.name, position: $0), $1) }
  }

  private var timeline: SVG? {
    timeline(
      "Thirty requests, ten clients",
      "The backend takes \(tickTime(Double(record.delayNs))). A bar per request, from its start to its end.",
      \.articles)
  }

  private var crowd: SVG? {
    timeline(
      "Thirty clients at once",
      "The backend takes \(tickTime(Double(record.delayNs))). One at a time: a staircase. Ten threads: blocks of ten. No thread blocked: one block.",
      \.crowd)
  }

  private func timeline(
    _ title: String, _ note: String, _ rows: KeyPath<TourRecord.Server, [[UInt64]]>
  ) -> SVG? {
    let panels = servers.filter { !$0.server[keyPath: rows].isEmpty }.map {
      Timeline.Panel($0.series, TourRecord.Server.samples($0.server[keyPath: rows]))
    }
    return panels.isEmpty ? nil : Timeline(title: title, note: note, panels: panels).picture
  }

  private var throughput: SVG? {
    let curves = servers.map { series, server in (series, server.levels.compactMap(level)) }
      .filter { !$0.1.isEmpty }
    guard !curves.isEmpty else { return nil }
    return ThroughputCurve(
      title: "More clients",
      note:
        "Load and servers share \(record.cores) cores. A ring: not all clients were served. Clients that were accepted keep their connections, and the others wait.",
      curves: curves
    ).picture
  }

  private func level(_ level: TourRecord.Level) -> ThroughputCurve.Level? {
    guard let rate = level.median(\.requestsPerSecond), let p99 = level.median(\.p99Ns),
      let served = level.median(\.clientsServed)
    else { return nil }
    return ThroughputCurve.Level(
      clients: level.clients, rate: rate, p99: p99, clientsServed: served)
  }

  private var percentiles: SVG? {
    let curves = servers.compactMap { series, server in server.curve.map { (series, $0) } }
      .filter { $0.1.count > 0 }
    guard !curves.isEmpty else { return nil }
    let clients = record.servers.first?.usual?.clients ?? 0
    return PercentileCurve(
      title: "How long it takes, up to the slowest",
      note:
        "\(clients) clients that keep their connections. Every step to the right is ten times rarer. A curve ends where its data end; clients that were never served are not in it.",
      curves: curves
    ).picture
  }

  private var costs: SVG? {
    Bars(
      title: "What it costs",
      note:
        "Measured from outside, in /proc: CPU time of all threads while \(record.servers.first?.usual?.clients ?? 0) clients send requests; otherwise the highest value.",
      panels: [
        panel("CPU time per request") {
          $0.usual?.median(\.cpuNsPerRequest).map { Double($0) }
        } text: {
          shortTime($0)
        },
        panel("Peak memory") {
          $0.peakMemoryBytes > 0 ? Double($0.peakMemoryBytes) : nil
        } text: {
          megabytes($0)
        },
        panel("Threads") {
          $0.threads > 0 ? Double($0.threads) : nil
        } text: {
          fixed($0, 0)
        },
      ]
    ).picture
  }

  private var broadcast: SVG? {
    guard record.servers.contains(where: { !$0.broadcasts.isEmpty }) else { return nil }
    return Bars(
      title: "\(grouped(record.webSockets)) WebSockets and a broadcast",
      note:
        "One client sends “broadcast”, and every client gets the message. If not all are connected, there is nothing to compare.",
      panels: [
        panel("Connected") {
          $0.connected.map { Double($0) }
        } text: {
          grouped(Int($0))
        },
        panel("Until the last one has it") { server in
          guard server.connected ?? 0 == record.webSockets else { return nil }
          return server.lastOfBroadcast.map { Double($0) }
        } text: {
          shortTime($0)
        },
      ]
    ).picture
  }

  private func panel(
    _ title: String, _ number: (TourRecord.Server) -> Double?, text: (Double) -> String
  ) -> Bars.Panel {
    Bars.Panel(
      title: title,
      values: servers.map { series, server in
        let number = number(server)
        return Bars.Value(series: series, number: number, text: number.map(text) ?? "–")
      })
  }
}
