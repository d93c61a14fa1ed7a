import BenchSupport
import Glibc

/// How long the fastest requests took, for every percentile, stretched to the right: at every step
/// of the axis, slower requests are ten times rarer.
///
/// It is drawn as steps and ends where the data end: n requests say nothing beyond 1 − 1/n.
struct PercentileCurve {
  struct Curve: Codable {
    /// The number of requests.
    let count: Int
    let median: UInt64
    let p99: UInt64
    let longest: UInt64
    /// The points at which the curve rises: how many requests were faster than this time in
    /// nanoseconds.
    let steps: [Step]
  }

  struct Step: Equatable {
    let faster: Int
    let time: UInt64
  }

  let title: String
  let note: String
  let curves: [(series: Series, curve: Curve)]

  private static let right = SVG.width - 136
  private static let plotHeight = 250.0

  var picture: SVG {
    var svg = SVG(title: title, description: description)
    let top = svg.heading(note) + 8
    let bottom = top + Self.plotHeight
    let times = curves.flatMap { $0.curve.steps.map { Double(max($0.time, 1)) } }
    let y = Axis.decades(around: times, from: bottom, to: top)
    let x = rarity
    drawAxes(&svg, x, y)
    let ends = curves.map { draw($0.series, $0.curve, &svg, x, y) }
    drawNames(ends, &svg, top...bottom)
    svg.height = bottom + 44
    return svg
  }

  var description: String {
    let parts = curves.map { series, curve in
      let times = [curve.median, curve.p99, curve.longest].map(milliseconds)
      return "\(series.name): \(curve.count) requests, median \(times[0]) ms, p99 \(times[1]) ms, "
        + "longest \(times[2]) ms."
    }
    return ([note] + parts).joined(separator: " ")
  }

  /// x = −log10(1 − p): 0 is the fastest request, 1 is p90, 2 is p99.
  private var rarity: Axis {
    let largest = Double(max(curves.map(\.curve.count).max() ?? 2, 10))
    return Axis(
      scale: .linear, values: 0...log10(largest), from: SVG.margin + 50, to: Self.right,
      ticks: [log10(2)] + stride(from: 1, through: log10(largest), by: 1))
  }

  private func drawAxes(_ svg: inout SVG, _ x: Axis, _ y: Axis) {
    for tick in y.ticks {
      let place = y.place(tick)
      svg.line("grid", from: Point(x: x.from, y: place), to: Point(x: x.to, y: place))
      svg.text("soft end", x: x.from - 6, y: place + 4, tickTime(tick))
    }
    for (index, tick) in x.ticks.enumerated() {
      let place = x.place(tick)
      svg.line("grid", from: Point(x: place, y: y.to), to: Point(x: place, y: y.from))
      let rare = "99." + String(repeating: "9", count: max(0, index - 2))
      let label = index < 3 ? ["50", "90", "99"][index] : rare
      svg.text("soft mid", x: place, y: y.from + 18, label)
    }
    svg.text("soft", x: x.from, y: y.from + 36, "% of the requests took at most this long")
  }

  /// Draws the curve and returns its end.
  private func draw(
    _ series: Series, _ curve: Curve, _ svg: inout SVG, _ x: Axis, _ y: Axis
  ) -> (series: Series, end: Point) {
    var points: [Point] = []
    for step in curve.steps {
      let place = Point(
        x: x.place(curve.rarity(of: step.faster)), y: y.place(Double(max(step.time, 1))))
      if let last = points.last { points.append(Point(x: place.x, y: last.y)) }
      points.append(place)
    }
    let last = points.last ?? Point(x: x.from, y: y.from)
    let end = Point(x: x.place(curve.rarity(of: curve.count - 1)), y: last.y)
    svg.path("curve l\(series.look)", through: points + [end])
    svg.circle("f\(series.look)", at: end, radius: 3.5)
    return (series, end)
  }

  private func drawNames(
    _ ends: [(series: Series, end: Point)], _ svg: inout SVG, _ room: ClosedRange<Double>
  ) {
    let places = spread(ends.map(\.end.y), distance: 18, within: room)
    for (name, place) in zip(ends, places) {
      let from = Point(x: name.end.x + 5, y: name.end.y)
      svg.line("leader l\(name.series.look)", from: from, to: Point(x: Self.right + 10, y: place))
      svg.text("label", x: Self.right + 14, y: place + 5, name.series.shortName)
    }
  }
}

extension PercentileCurve.Curve {
  /// - Parameter times: in nanoseconds, in any order. Steps too small to be seen are left out.
  init(_ times: [UInt64]) {
    let all = Distribution(times)
    (count, median, p99, longest) = (all.count, all.median, all.percentile(99), all.max)
    let sorted = times.sorted()
    var steps: [PercentileCurve.Step] = []
    var last = -1.0
    for (index, time) in sorted.enumerated() where index == 0 || time != sorted[index - 1] {
      let rarity = -log10(1 - Double(index) / Double(count))
      if rarity - last < 0.01 && index != count - 1 { continue }
      steps.append(PercentileCurve.Step(faster: index, time: time))
      last = rarity
    }
    self.steps = steps
  }

  /// −log10 of the share of requests that were not faster.
  func rarity(of faster: Int) -> Double { -log10(1 - Double(faster) / Double(max(count, 1))) }
}

/// A pair of numbers, as short as possible: there are many of them.
extension PercentileCurve.Step: Codable {
  init(from decoder: any Decoder) throws {
    var pair = try decoder.unkeyedContainer()
    faster = try pair.decode(Int.self)
    time = try pair.decode(UInt64.self)
  }

  func encode(to encoder: any Encoder) throws {
    var pair = encoder.unkeyedContainer()
    try pair.encode(faster)
    try pair.encode(time)
  }
}
