/// Bars for comparing servers: a panel per quantity, a bar per server, with its value next to it.
struct Bars {
  struct Panel {
    let title: String
    let values: [Value]
  }

  struct Value {
    let series: Series
    /// `nil` if there was nothing to measure.
    let number: Double?
    let text: String
  }

  let title: String
  let note: String
  let panels: [Panel]

  private static let rowHeight = 23.0
  private static let left = 138.0
  private static let right = SVG.width - 96

  var picture: SVG {
    var svg = SVG(title: title, description: description)
    var y = svg.heading(note) + 8
    for panel in panels {
      svg.text("name", x: SVG.margin, y: y + 14, panel.title)
      y += 24
      let highest = panel.values.compactMap(\.number).max() ?? 0
      let axis = Axis(
        scale: .linear, values: 0...max(highest, 1e-9), from: Self.left, to: Self.right, ticks: [])
      for value in panel.values {
        draw(value, &svg, axis, y: y)
        y += Self.rowHeight
      }
      y += 12
    }
    svg.height = y
    return svg
  }

  var description: String {
    let parts = panels.map { panel in
      panel.title + ": "
        + panel.values.map { "\($0.series.name) \($0.text)" }.joined(separator: ", ") + "."
    }
    return ([note] + parts).joined(separator: " ")
  }

  private func draw(_ value: Value, _ svg: inout SVG, _ axis: Axis, y: Double) {
    svg.text("", x: SVG.margin, y: y + 13.5, value.series.shortName)
    svg.rectangle(
      "track", x: axis.from, y: y + 1, width: axis.to - axis.from, height: 16, radius: 2)
    let end = axis.place(value.number ?? 0)
    if let number = value.number, number > 0 {
      for style in ["f", "h"] {
        svg.rectangle(
          "\(style)\(value.series.look)", x: axis.from, y: y + 1, width: max(1.5, end - axis.from),
          height: 16, radius: 2)
      }
    }
    svg.text("", x: axis.to + 8, y: y + 13.5, value.text)
  }
}
