import BenchSupport

/// A static SVG picture under construction: shapes and text in the order of the calls.
///
/// The title and the description say in words what the picture shows, including the numbers, for
/// readers who cannot see it. One unit is a pixel if the picture is 480 pixels wide; on a phone it
/// is about three quarters of one.
struct SVG {
  static let width = 480.0
  static let margin = 14.0

  let title: String
  private(set) var description: String
  /// Must be set by the time everything is drawn.
  var height = 0.0
  private var elements = ""

  init(title: String, description: String) {
    self.title = title
    self.description = description
  }

  /// Writes the title, and below it the necessary explanation in small type; returns the y at which
  /// free space begins.
  mutating func heading(_ note: String) -> Double {
    text("head", x: Self.margin, y: 28, title)
    let lines = wrapped(note, columns: 66)
    for (index, line) in lines.enumerated() {
      text("soft", x: Self.margin, y: 48 + Double(index) * 17, line)
    }
    return 48 + Double(lines.count) * 17
  }

  /// - Parameter style: classes of the ``Theme``.
  mutating func rectangle(
    _ style: String, x: Double, y: Double, width: Double, height: Double, radius: Double = 0
  ) {
    let corners = radius > 0 ? #" rx="\#(Self.number(radius))""# : ""
    add("rect", style, [("x", x), ("y", y), ("width", width), ("height", height)], corners)
  }

  mutating func line(_ style: String, from start: Point, to end: Point) {
    add("line", style, [("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y)])
  }

  mutating func circle(_ style: String, at center: Point, radius: Double) {
    add("circle", style, [("cx", center.x), ("cy", center.y), ("r", radius)])
  }

  /// A line through all points.
  mutating func path(_ style: String, through points: [Point]) {
    let steps = points.map { "\(Self.number($0.x)) \(Self.number($0.y))" }
    add("path", style, [], #" d="M\#(steps.joined(separator: "L"))""#)
  }

  mutating func text(_ style: String, x: Double, y: Double, _ text: String) {
    add("text", style, [("x", x), ("y", y)], "", text)
  }

  /// Puts another picture below this one.
  mutating func append(_ picture: SVG) {
    elements += "<g transform=\"translate(0 \(Self.number(height)))\">\n\(picture.elements)</g>\n"
    description += (description.isEmpty ? "" : " ") + "\(picture.title). \(picture.description)"
    height += picture.height
  }

  private mutating func add(
    _ name: String, _ style: String, _ numbers: [(String, Double)], _ rest: String = "",
    _ content: String? = nil
  ) {
    let attributes = numbers.map { #" \#($0)="\#(Self.number($1))""# }.joined()
    let end = content.map { ">\(Self.escaped($0))</\(name)>" } ?? "/>"
    elements += #"<\#(name) class="\#(style)"\#(attributes)\#(rest)\#(end)"# + "\n"
  }

  /// The whole picture. The size that it requests is larger than its own units; a page that embeds
  /// it may scale it.
  var text: String {
    let (width, height) = (Self.number(Self.width), Self.number(height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 \(width) \(height)" \
      width="\(Self.number(Self.width * 1.25))" height="\(Self.number(self.height * 1.25))" \
      role="img">
      <title>\(Self.escaped(title))</title>
      <desc>\(Self.escaped(description))</desc>
      \(Theme.definitions)
      <rect class="paper" width="\(width)" height="\(height)"/>
      \(elements)</svg>

      """
  }

  /// One decimal, or none if it is zero.
  static func number(_ value: Double) -> String {
    let text = fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Escapes text as XML requires in text and in quoted attributes (XML 1.0 section 2.4); control
  /// characters are not allowed at all.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\u{0}"..."\u{1F}": escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// A position in a picture; y grows downward.
struct Point: Equatable {
  let x: Double
  let y: Double
}
