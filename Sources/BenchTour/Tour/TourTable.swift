import BenchSupport

/// The tour on a terminal: a row of figures per server, then its verdict in words.
struct TourTable {
  static let headings = [
    "server", "requests/s", "p50", "p99", "max", "errors", "served", "CPU", "memory", "threads",
  ]

  private let record: TourRecord

  init(_ record: TourRecord) { self.record = record }

  var lines: [String] {
    let rows = [Self.headings] + record.servers.map(Self.cells)
    let widths = Self.headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      zip(row, widths).enumerated().map { index, cell in
        index == 0 ? cell.0.rightPadded(cell.1) : cell.0.leftPadded(cell.1)
      }.joined(separator: "  ")
    }
    let verdicts = record.servers.flatMap { server in
      ["", server.name] + wrapped(server.verdict, columns: 76).map { "  " + $0 }
    }
    return wrapped(Self.caption(record), columns: 90) + [""] + table + verdicts
  }

  /// What a reader has to know to understand the table.
  static func caption(_ record: TourRecord) -> String {
    let clients = record.servers.first?.usual?.clients ?? 0
    return
      "\(clients) clients that keep their connections; every figure is the median of the rounds, max is the "
      + "longest of all. Load and server share \(record.cores) cores; ≥: the load was the limit, the server could "
      + "do more. CPU time is per request; memory and threads are the most at any time."
  }

  /// The same figures in the same order as the headings; a dash if there are none.
  static func cells(_ server: TourRecord.Server) -> [String] {
    func time(_ nanoseconds: UInt64?) -> String { nanoseconds.map { shortTime(Double($0)) } ?? "–" }
    let level = server.usual
    let served = level?.median(\.clientsServed).map { "\($0)/\(level?.clients ?? 0)" }
    return [
      server.name,
      level?.median(\.requestsPerSecond).map { rate in
        (level?.clientIsTheLimit == true ? "≥ " : "") + grouped(Int(rate))
      } ?? "–",
      time(level?.median(\.medianNs)), time(level?.median(\.p99Ns)), time(level?.longest),
      "\(server.failed)", served ?? "–", time(level?.median(\.cpuNsPerRequest)),
      server.peakMemoryBytes > 0 ? megabytes(Double(server.peakMemoryBytes)) : "–",
      server.threads > 0 ? "\(server.threads)" : "–",
    ]
  }
}
