import BenchSupport

/// A row per request, in the order in which they started, and a panel per run, all on one time
/// axis.
///
/// Waiting becomes a shape: a sequential server draws a staircase, a pool draws blocks, an event
/// loop draws one block.
struct Timeline {
  struct Panel {
    let series: Series
    let samples: [RequestBar]

    init(_ series: Series, _ samples: [RequestBar]) {
      self.series = series
      self.samples = samples.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    var median: UInt64 { Distribution(samples.map(\.total)).median }
    var end: UInt64 { samples.map(\.end).max() ?? 0 }
    /// Thirty rows are readable and low; fewer rows may be higher, more rows must be lower.
    var rowHeight: Double { min(12, max(1.5, 126 / Double(max(samples.count, 1)))) }
    var height: Double { rowHeight * Double(samples.count) }
  }

  let title: String
  let note: String
  let panels: [Panel]

  private static let headHeight = 24.0
  private static let gap = 14.0

  var picture: SVG {
    var svg = SVG(title: title, description: description)
    let top = svg.heading(note)
    let bodies = panels.reduce(0) { $0 + Self.headHeight + $1.height + Self.gap }
    let end = Double(panels.map(\.end).max() ?? 0)
    let axis = Axis.linear(upTo: end, from: SVG.margin, to: SVG.width - 62, ticks: 5)
    drawKey(&svg, y: top + 6)
    let first = top + 18
    drawAxis(&svg, axis, from: first, to: first + bodies)
    var y = first
    for panel in panels {
      draw(panel, &svg, axis, top: y)
      y += Self.headHeight + panel.height + Self.gap
    }
    svg.height = y + 26
    return svg
  }

  var description: String {
    let parts = panels.map { panel in
      "\(panel.series.name): \(panel.samples.count) requests, median \(milliseconds(panel.median)) ms, "
        + "all done after \(milliseconds(panel.end)) ms."
    }
    return ([note] + parts).joined(separator: " ")
  }

  private func drawKey(_ svg: inout SVG, y: Double) {
    let look = panels.first?.series.look ?? 0
    svg.rectangle("f\(look)", x: SVG.margin, y: y - 9, width: 22, height: 10)
    svg.text("soft", x: SVG.margin + 28, y: y, "waiting")
    drawHatched(&svg, "f5", hatch: 5, x: 130, y: y - 9, width: 22, height: 10)
    svg.text("soft", x: 158, y: y, "connecting")
    svg.rectangle("ink", x: 262, y: y - 9, width: 22, height: 10)
    svg.text("soft", x: 290, y: y, "receiving")
  }

  private func drawAxis(_ svg: inout SVG, _ axis: Axis, from top: Double, to bottom: Double) {
    for tick in axis.ticks {
      let x = axis.place(tick)
      svg.line("grid", from: Point(x: x, y: top), to: Point(x: x, y: bottom))
      let anchor = tick == 0 ? "" : " mid"
      svg.text("soft\(anchor)", x: x, y: bottom + 16, tickTime(tick))
    }
  }

  private func draw(_ panel: Panel, _ svg: inout SVG, _ axis: Axis, top: Double) {
    svg.text("name", x: SVG.margin, y: top + 16, panel.series.name)
    let summary =
      "median \(shortTime(Double(panel.median))) · done in \(shortTime(Double(panel.end)))"
    svg.text("soft end", x: SVG.width - SVG.margin, y: top + 16, summary)
    let rows = top + Self.headHeight
    for (index, sample) in panel.samples.enumerated() {
      draw(sample, panel, &svg, axis, y: rows + Double(index) * panel.rowHeight)
    }
    drawEnds(panel, &svg, axis, rows: rows)
  }

  private func draw(
    _ sample: RequestBar, _ panel: Panel, _ svg: inout SVG, _ axis: Axis, y: Double
  ) {
    let height = max(1, panel.rowHeight - 0.8)
    let places = [0, sample.connect, sample.connect + sample.wait, sample.total]
      .map { axis.place(Double(sample.start + $0)) }
    drawHatched(
      &svg, "f5", hatch: 5, x: places[0], y: y, width: places[1] - places[0], height: height)
    svg.rectangle(
      "f\(panel.series.look)", x: places[1], y: y, width: max(1, places[2] - places[1]),
      height: height)
    let receiving = places[3] - places[2]
    if receiving >= 0.1 {
      svg.rectangle("ink", x: places[2], y: y, width: receiving, height: height)
    }
  }

  /// Times at the ends of the bars: from the bottom up, if there is room, and only once for rows
  /// that end together.
  private func drawEnds(_ panel: Panel, _ svg: inout SVG, _ axis: Axis, rows: Double) {
    var (room, below) = (Double.infinity, -Double.infinity)
    for (index, sample) in panel.samples.enumerated().reversed() {
      let (x, bottom) = (
        axis.place(Double(sample.end)), rows + Double(index + 1) * panel.rowHeight
      )
      if (x - below).magnitude > 2 && bottom + 14 <= room && bottom - 9 >= rows {
        svg.text("soft", x: x + 5, y: bottom - 1, shortTime(Double(sample.end)))
        room = bottom
      }
      below = x
    }
  }

  private func drawHatched(
    _ svg: inout SVG, _ style: String, hatch: Int, x: Double, y: Double, width: Double,
    height: Double
  ) {
    guard width >= 0.1 else { return }
    svg.rectangle(style, x: x, y: y, width: width, height: height)
    svg.rectangle("h\(hatch)", x: x, y: y, width: width, height: height)
  }
}
