import BenchSupport
import Glibc

/// Requests per second for each number of clients, and below it the time that one request in a
/// hundred exceeds.
///
/// A ring instead of a dot means that not all clients were served: a server that answers a few
/// clients and lets the others wait forever looks faster than it is.
struct ThroughputCurve {
  struct Level {
    let clients: Int
    let rate: Double
    /// In nanoseconds.
    let p99: UInt64
    let clientsServed: Int
  }

  let title: String
  let note: String
  let curves: [(series: Series, levels: [Level])]

  private static let left = SVG.margin + 54
  private static let right = SVG.width - 136

  var picture: SVG {
    var svg = SVG(title: title, description: description)
    let top = svg.heading(note) + 6
    svg.text("name", x: SVG.margin, y: top + 14, "Requests per second")
    let rates = Axis.linear(
      upTo: levels.map(\.rate).max() ?? 1, from: top + 244, to: top + 32, ticks: 5,
      endsOnTick: true)
    draw(rates, label: { $0 == 0 ? "0" : grouped(Int($0)) }, value: \.rate, &svg)
    svg.text("name", x: SVG.margin, y: top + 288, "p99: one request in a hundred took longer")
    let times = Axis.decades(
      around: levels.map { Double(max($0.p99, 1)) }, from: top + 470, to: top + 306)
    draw(times, label: tickTime, value: \.time, &svg)
    svg.text("soft", x: Self.left, y: top + 508, "clients at the same time, connections kept alive")
    svg.height = top + 522
    return svg
  }

  var description: String {
    let parts = curves.map { series, levels in
      let texts = levels.map {
        "\($0.clients) clients (\($0.clientsServed) served) \(fixed($0.rate, 0))/s, "
          + "p99 \(milliseconds($0.p99)) ms"
      }
      return "\(series.name): " + texts.joined(separator: "; ") + "."
    }
    return ([note] + parts).joined(separator: " ")
  }

  private var levels: [Level] { curves.flatMap(\.levels) }

  /// Each step of the axis is multiplication by the same factor.
  private func place(_ clients: Int) -> Double {
    let counts = levels.map { log2(Double($0.clients)) }
    let (low, high) = (counts.min() ?? 0, counts.max() ?? 0)
    let share = high > low ? (log2(Double(clients)) - low) / (high - low) : 0.5
    return Self.left + 8 + (Self.right - Self.left - 16) * share
  }

  private func draw(
    _ axis: Axis, label: (Double) -> String, value: KeyPath<Level, Double>, _ svg: inout SVG
  ) {
    for tick in axis.ticks {
      let y = axis.place(tick)
      svg.line("grid", from: Point(x: Self.left, y: y), to: Point(x: Self.right, y: y))
      svg.text("soft end", x: Self.left - 6, y: y + 4, label(tick))
    }
    for clients in Set(levels.map(\.clients)).sorted() {
      svg.text("soft mid", x: place(clients), y: axis.from + 18, "\(clients)")
    }
    for (series, levels) in curves {
      draw(series, levels, &svg) { Point(x: place($0.clients), y: axis.place($0[keyPath: value])) }
    }
    let ends = curves.map { axis.place($0.levels.last?[keyPath: value] ?? axis.values.lowerBound) }
    drawNames(ends, &svg, axis.to...axis.from)
  }

  private func draw(
    _ series: Series, _ levels: [Level], _ svg: inout SVG, _ place: (Level) -> Point
  ) {
    svg.path("curve l\(series.look)", through: levels.map(place))
    for level in levels {
      let isFair = level.clientsServed >= level.clients
      svg.circle(
        isFair ? "f\(series.look)" : "hollow l\(series.look)", at: place(level), radius: 4)
    }
  }

  private func drawNames(_ ends: [Double], _ svg: inout SVG, _ room: ClosedRange<Double>) {
    let places = spread(ends, distance: 18, within: room)
    for (index, place) in places.enumerated() {
      let series = curves[index].series
      svg.line(
        "leader l\(series.look)", from: Point(x: Self.right - 2, y: ends[index]),
        to: Point(x: Self.right + 10, y: place))
      svg.text("label", x: Self.right + 14, y: place + 5, series.shortName)
    }
  }
}

extension ThroughputCurve.Level {
  var time: Double { Double(max(p99, 1)) }
}
