import BenchSupport

/// The work of a server's threads: a lane for each, a color for each client, hatched while a client
/// only waited.
struct Lanes {
  let title: String
  let lanes: [Lane]

  private var note: String {
    "A lane per thread, a color per client. Solid: the thread works. Hatched: a client waits, and so does the thread; "
      + "in the thin rows below a thread, only the client waits."
  }

  var picture: SVG {
    var svg = SVG(title: title, description: description)
    let top = svg.heading(note) + 4
    let end = lanes.flatMap(\.spans).map(\.end).max() ?? 0
    let axis = Axis.linear(upTo: end, from: SVG.margin, to: SVG.width - SVG.margin - 14, ticks: 5)
    var y = top
    for lane in lanes {
      draw(lane, &svg, axis, y: y)
      y += 36 + lane.height
    }
    for tick in axis.ticks {
      svg.text(tick == 0 ? "soft" : "soft mid", x: axis.place(tick), y: y + 8, tickTime(tick))
    }
    svg.height = y + 20
    return svg
  }

  var description: String {
    let parts = lanes.map { lane in
      let work = lane.spans.filter { !$0.isWaiting }.reduce(0) { $0 + $1.duration }
      let waiting = lane.spans.filter(\.isWaiting).reduce(0) { $0 + $1.duration }
      return
        "\(lane.name): \(counted(lane.spans.count, "event")) of \(counted(lane.clients, "client")), "
        + "\(milliseconds(UInt64(work))) ms of work, \(milliseconds(UInt64(waiting))) ms of waiting."
    }
    return ([note] + parts).joined(separator: " ")
  }

  private func draw(_ lane: Lane, _ svg: inout SVG, _ axis: Axis, y: Double) {
    svg.text("name", x: SVG.margin, y: y + 18, lane.name)
    let clients = lane.clients == 0 ? "" : ", " + counted(lane.clients, "client")
    svg.text(
      "soft end", x: axis.to, y: y + 18, counted(lane.spans.count, "event") + clients)
    var y = y + 24
    svg.rectangle("track", x: axis.from, y: y, width: axis.to - axis.from, height: lane.height)
    for x in axis.ticks.map(axis.place) {
      svg.line("grid", from: Point(x: x, y: y), to: Point(x: x, y: y + lane.height))
    }
    for row in lane.rows {
      draw(row, &svg, axis, y: y)
      y += row.height
    }
  }

  /// Work is too short to be visible next to waiting, so it gets a minimum width and is drawn last.
  private func draw(_ row: Lane.Row, _ svg: inout SVG, _ axis: Axis, y: Double) {
    let height = row.height - 1
    for span in row.spans where span.isWaiting {
      let x = axis.place(span.start)
      let width = max(1, axis.place(span.end) - x)
      svg.rectangle("f\(span.look) faint", x: x, y: y, width: width, height: height)
      svg.rectangle("h1", x: x, y: y, width: width, height: height)
      if let client = span.client, height > 8, width > 34 {
        svg.rectangle("paper", x: x + 5, y: y + height / 2 - 5, width: 20, height: 10, radius: 3)
        svg.text("tiny mid", x: x + 15, y: y + height / 2 + 4, "\(client)")
      }
    }
    var last = (look: -1, place: -1.0)
    for span in row.spans where !span.isWaiting {
      let x = axis.place(span.start)
      // Marks of one client at the same position are drawn as one.
      if last == (span.look, x.rounded()) { continue }
      last = (span.look, x.rounded())
      let width = max(2, axis.place(span.end) - x)
      svg.rectangle("f\(span.look)", x: x, y: y, width: width, height: height)
    }
  }
}
