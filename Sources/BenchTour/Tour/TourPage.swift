import BenchSupport
import Common

/// The tour as one self-contained page: nothing loaded from other servers, light and dark, readable
/// on a phone. Its only script is the player's.
struct TourPage {
  let record: TourRecord
  let pictures: TourPictures
  let player: TourPlayer

  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Five Ways to Wait: the tour</title>
    <style>
    \(Self.style)
    \(TourPlayer.style)
    </style>
    </head>
    <body>
    <header>
    <h1>Five Ways to Wait</h1>
    <p>\(introduction)</p>
    </header>
    <main>
    <section class="verdicts">
    \(record.servers.map(verdict).joined(separator: "\n"))
    </section>
    <section class="pictures">
    \(pictures.all.map { "<figure>\n\($0.picture.text)</figure>" }.joined(separator: "\n"))
    </section>
    \(player.html)
    <section>
    <h2>The figures</h2>
    <p>\(TourTable.caption(record))</p>
    <div class="scroll">\(table)</div>
    </section>
    </main>
    <footer>
    <p>Repeat it: <code>swift run -c release bench tour\(record.isQuick ? " --quick" : "")</code></p>
    <p>\(SVG.escaped("\(record.processor), \(record.cores) cores, \(record.system). \(record.toolchain)."))</p>
    </footer>
    </body>
    </html>

    """
  }

  private var introduction: String {
    "The same service, the same requests, and five ways to wait. "
      + "Each server was started, measured and stopped by <code>bench tour</code> on this machine, which also ran the load."
  }

  private func verdict(_ server: TourRecord.Server) -> String {
    let look = Series(server.name, position: 0).look
    return """
      <article class="look\(look)">
      <h2>\(server.name)</h2>
      <p>\(SVG.escaped(server.verdict))</p>
      </article>
      """
  }

  private var table: String {
    let head = TourTable.headings.map { "<th>\($0)</th>" }.joined()
    let rows = record.servers.map { server in
      let cells = TourTable.cells(server)
      return "<tr><th>\(cells[0])</th>" + cells.dropFirst().map { "<td>\($0)</td>" }.joined()
        + "</tr>"
    }
    return "<table>\n<tr>\(head)</tr>\n\(rows.joined(separator: "\n"))\n</table>"
  }
}
