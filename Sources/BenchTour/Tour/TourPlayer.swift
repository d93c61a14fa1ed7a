/// The trace player as a part of the tour's page: its style, its script, and what it plays.
///
/// The script is in two files, because the site's tests import the one without a page. Here they
/// become one module, and the line that imports the other file is left out.
struct TourPlayer {
  /// Of each server that has one, the text of its trace.
  let traces: [(server: String, text: String)]

  static let style = text(PackageResources.player_css)

  var html: String {
    guard !traces.isEmpty else { return "" }
    return """
      <section>
      <h2>Six requests, three at a time, event by event</h2>
      <p>A pale bar is a thread that is blocked for a client; a thin bar below the lanes is a client that waits without one.
      The axis is stretched: a stretch of time is as wide as its logarithm.</p>
      <div class="trace-player" data-inline="traces"></div>
      <script type="application/json" id="traces">\(data)</script>
      <script type="module">
      \(Self.script)
      </script>
      </section>
      """
  }

  /// `<` only occurs in JSON strings, in which it may be escaped. So no trace can end the script.
  private var data: String {
    let list = traces.map { "\"\($0.server)\":\($0.text)" }.joined(separator: ",")
    let listings = Self.text(PackageResources.listings_json)
    return "{\"listings\":\(listings),\"traces\":{\(list)}}".replacing("<", with: "\\u003c")
  }

  private static var script: String {
    let player = text(PackageResources.trace_player_js)
    let withoutImport = player.drop { $0 != "\n" }
    return text(PackageResources.trace_model_js) + withoutImport
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
