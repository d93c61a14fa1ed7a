/// The look of all pictures: Okabe and Ito's colors, which color-blind readers can distinguish,
/// each with a dash pattern and a hatching, so that color is never the only difference. Light, or
/// dark if the reader's system is.
enum Theme {
  private struct Ink {
    let light: String
    let dark: String
    let dashes: String
  }

  /// Okabe and Ito's, a little lighter on dark paper.
  private static let inks = [
    Ink(light: "#d55e00", dark: "#f07f2e", dashes: ""),
    Ink(light: "#e69f00", dark: "#f0b429", dashes: "7 3"),
    Ink(light: "#0072b2", dark: "#56b4e9", dashes: "2 2.5"),
    Ink(light: "#009e73", dark: "#2fc99b", dashes: "9 3 2 3"),
    Ink(light: "#cc79a7", dark: "#e09ac4", dashes: "12 3"),
    Ink(light: "#6b6b6b", dark: "#a8a8a8", dashes: "4 4"),
  ]

  /// The number of series with different looks.
  static let count = inks.count

  static let definitions = "<style>\n\(style)\n</style>\n<defs>\n\(hatchings)\n</defs>"

  private static var style: String {
    """
    .picture text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1d1f23}
    .picture .head{font-size:17px;font-weight:650}
    .picture .name{font-size:14px;font-weight:600}
    .picture .label{font-weight:600}
    .picture .soft{fill:#5a5e66}
    .picture .tiny{font-size:11px}
    .picture .end{text-anchor:end}
    .picture .mid{text-anchor:middle}
    .paper{fill:#fdfdfb}
    .grid{stroke:#e4e4df;stroke-width:1}
    .axis{stroke:#8b8f96;stroke-width:1}
    .track{fill:#f0f0eb}
    .ink{fill:#1d1f23}
    .curve{fill:none;stroke-width:2.4;stroke-linejoin:round}
    .faint{opacity:.6}
    .leader{stroke-width:1;opacity:.6}
    .hollow{fill:#fdfdfb;stroke-width:2}
    .scratch{stroke:#fdfdfb;fill:none}
    \(inks.indices.map { ".h\($0){fill:url(#hatch\($0))}" }.joined())
    \(rules(\.light))
    \(inks.enumerated().filter { !$1.dashes.isEmpty }.map { ".l\($0).curve{stroke-dasharray:\($1.dashes)}" }.joined(separator: "\n"))
    @media (prefers-color-scheme:dark){
    .picture text{fill:#ececea}
    .picture .soft{fill:#a9adb5}
    .paper{fill:#16181c}
    .grid{stroke:#2c3036}
    .axis{stroke:#7b8088}
    .track{fill:#22252b}
    .ink{fill:#ececea}
    .hollow{fill:#16181c}
    .scratch{stroke:#16181c}
    \(rules(\.dark))
    }
    """
  }

  private static func rules(_ color: KeyPath<Ink, String>) -> String {
    inks.enumerated().map { index, ink in
      ".f\(index){fill:\(ink[keyPath: color])}.l\(index){stroke:\(ink[keyPath: color])}"
    }.joined(separator: "\n")
  }

  /// The looks for a page around the pictures: `look0` and so on.
  static var borders: String {
    let light = inks.enumerated().map { ".look\($0){border-left-color:\($1.light)}" }
    let dark = inks.enumerated().map { ".look\($0){border-left-color:\($1.dark)}" }
    return light.joined() + "\n@media (prefers-color-scheme:dark){\n\(dark.joined())\n}"
  }

  /// A hatching in the color of the paper, drawn over a color; `h0` draws nothing.
  private static var hatchings: String {
    let strokes = [
      "", "M-2 2L2 -2M0 8L8 0M6 10L10 6", "M2 2h.01M6 6h.01", "M-2 6L2 10M0 0L8 8M6 -2L10 2",
      "M0 2H8M0 6H8", "M2 0V8M6 0V8",
    ]
    return strokes.enumerated().map { index, stroke in
      let cap = stroke.contains("h.01") ? #" stroke-width="2.6" stroke-linecap="round""# : ""
      return
        #"<pattern id="hatch\#(index)" width="8" height="8" patternUnits="userSpaceOnUse">"#
        + #"<path class="scratch"\#(cap) d="\#(stroke.isEmpty ? "M0 0" : stroke)"/></pattern>"#
    }.joined(separator: "\n")
  }
}
