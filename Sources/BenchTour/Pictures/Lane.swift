extension Lanes {
  struct Span {
    let name: String
    let client: Int?
    /// In nanoseconds.
    let start: Double
    let duration: Double

    var end: Double { start + duration }
    /// Whether it is waiting; everything else is work.
    var isWaiting: Bool { ["pause", "wait"].contains(name) }
    /// Clients without a number look the same as each other and different from all others.
    var look: Int {
      let others = Theme.count - 1
      return client.map { ($0 % others + others) % others } ?? others
    }
  }

  /// What a thread did, and below it the clients that waited while it did something else.
  struct Lane {
    var name: String
    let rows: [Row]

    /// Spans that do not overlap, in order of time.
    struct Row {
      var spans: [Span]
      let height: Double
    }

    init(_ name: String, _ spans: [Span], asides: [Span] = []) {
      self.name = name
      rows = Self.rows(spans, height: 20) + Self.rows(asides, height: 14)
    }

    var spans: [Span] { rows.flatMap(\.spans) }
    var clients: Int { Set(spans.compactMap(\.client)).count }
    var height: Double { rows.reduce(0) { $0 + $1.height } }

    /// Each span goes into the first free row; of spans that begin together, the longest comes
    /// first.
    private static func rows(_ spans: [Span], height: Double) -> [Row] {
      var rows: [[Span]] = []
      for span in spans.sorted(by: { ($0.start, -$0.duration) < ($1.start, -$1.duration) }) {
        if let free = rows.firstIndex(where: { ($0.last?.end ?? 0) <= span.start }) {
          rows[free].append(span)
        } else {
          rows.append([span])
        }
      }
      let height = max(3, min(height, 150 / Double(rows.count)))
      return rows.map { Row(spans: $0, height: height) }
    }
  }
}
