/// What a server's threads did: a lane for each, a colour for each client, hatched where a client only waited.
///
/// What happens at the same time lies in rows below one another: in a lane of an event loop many clients wait at once.
struct Lanes {
  struct Span {
    let name: String
    let client: Int?
    /// In nanoseconds.
    let start: Double
    let duration: Double

    var end: Double { start + duration }
    /// Everything else is work.
    var isWaiting: Bool { ["pause", "wait"].contains(name) }
  }

  struct Lane {
    let name: String
    /// Rows of spans that do not overlap, each in order of time.
    let rows: [[Span]]

    /// Each span goes into the first row that is free; the longest of those that begin together comes first.
    init(_ name: String, _ spans: [Span]) {
      self.name = name
      var rows: [[Span]] = []
      for span in spans.sorted(by: { ($0.start, -$0.duration) < ($1.start, -$1.duration) }) {
        if let free = rows.firstIndex(where: { ($0.last?.end ?? 0) <= span.start }) {
          rows[free].append(span)
        } else {
          rows.append([span])
        }
      }
      self.rows = rows
    }

    var spans: [Span] { rows.flatMap { $0 } }
    var rowHeight: Double { rows.count == 1 ? 20 : max(3, min(14, 150 / Double(rows.count))) }
    var height: Double { rowHeight * Double(rows.count) }
  }

  let title: String
  let lanes: [Lane]

  private var note: String {
    "A lane per thread, a colour per client. Solid: the thread works. Hatched: a client waits."
  }

  var picture: SVG {
    var svg = SVG(title: title, description: description)
    let top = svg.heading(note) + 4
    let end = lanes.flatMap(\.spans).map(\.end).max() ?? 0
    let axis = Axis.linear(upTo: end, from: SVG.margin, to: SVG.width - SVG.margin - 14, ticks: 5)
    let bottom = lanes.reduce(top) { $0 + 36 + $1.height }
    for tick in axis.ticks {
      let x = axis.place(tick)
      svg.line("grid", from: Point(x: x, y: top), to: Point(x: x, y: bottom))
      svg.text(tick == 0 ? "soft" : "soft mid", x: x, y: bottom + 16, tickTime(tick))
    }
    var y = top
    for lane in lanes {
      draw(lane, &svg, axis, y: y)
      y += 36 + lane.height
    }
    svg.height = bottom + 28
    return svg
  }

  var description: String {
    let parts = lanes.map { lane in
      let clients = Set(lane.spans.compactMap(\.client)).count
      let work = lane.spans.filter { !$0.isWaiting }.reduce(0) { $0 + $1.duration }
      let waiting = lane.spans.filter(\.isWaiting).reduce(0) { $0 + $1.duration }
      return "\(lane.name): \(lane.spans.count) events of \(clients) clients, "
        + "\(milliseconds(UInt64(work))) ms of work, \(milliseconds(UInt64(waiting))) ms of waiting."
    }
    return ([note] + parts).joined(separator: " ")
  }

  private func draw(_ lane: Lane, _ svg: inout SVG, _ axis: Axis, y: Double) {
    svg.text("name", x: SVG.margin, y: y + 18, lane.name)
    let clients = Set(lane.spans.compactMap(\.client)).count
    svg.text(
      "soft end", x: SVG.width - SVG.margin, y: y + 18,
      "\(lane.spans.count) events, \(clients) \(clients == 1 ? "client" : "clients")")
    svg.rectangle(
      "track", x: axis.from, y: y + 24, width: axis.to - axis.from, height: lane.height)
    for (index, row) in lane.rows.enumerated() {
      draw(row, lane, &svg, axis, y: y + 24 + Double(index) * lane.rowHeight)
    }
  }

  /// Work is too short to be seen beside waiting, so it is at least a hair wide, and drawn last.
  private func draw(_ row: [Span], _ lane: Lane, _ svg: inout SVG, _ axis: Axis, y: Double) {
    let height = lane.rowHeight - (lane.rows.count > 1 ? 1 : 0)
    for span in row where span.isWaiting {
      let (x, look) = (axis.place(span.start), span.look)
      let width = max(1, axis.place(span.end) - x)
      svg.rectangle("f\(look) faint", x: x, y: y, width: width, height: height)
      svg.rectangle("h1", x: x, y: y, width: width, height: height)
      if let client = span.client, height > 8, width > 34 {
        svg.rectangle("paper", x: x + 5, y: y + height / 2 - 6, width: 20, height: 12, radius: 3)
        svg.text("tiny mid", x: x + 15, y: y + height / 2 + 4, "\(client)")
      }
    }
    var last = (look: -1, place: -1.0)
    for span in row where !span.isWaiting {
      let (x, look) = (axis.place(span.start), span.look)
      // Hairs of a client in the same place are one.
      if last == (look, x.rounded()) { continue }
      last = (look, x.rounded())
      let width = max(2, axis.place(span.end) - x)
      svg.rectangle("f\(look)", x: x, y: y, width: width, height: height)
    }
  }
}

extension Lanes.Span {
  /// Clients of which nobody knows the number all look the same.
  fileprivate var look: Int { client.map { ($0 % Theme.count + Theme.count) % Theme.count } ?? 5 }
}
