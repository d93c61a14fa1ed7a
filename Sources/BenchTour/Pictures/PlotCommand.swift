import BenchSupport
import CommandLineOptions
import FoundationEssentials
import Glibc

/// `bench plot`: draws what a file holds. Several runs become panels of one picture.
package struct PlotCommand {
  /// With more requests than this, single rows can no longer be distinguished.
  private static let mostRows = 120

  private let options: PlotOptions

  /// - Throws: the first mistake in the command line.
  package init(_ arguments: [String]) throws(UsageError) { options = try PlotOptions(arguments) }

  /// Draws, and writes the pictures.
  /// - Throws: a ``PlotError`` if a file cannot be drawn, a ``UsageError`` if a picture's file
  ///   cannot be opened, an ``OutputError`` if a picture could not be written completely.
  package func perform() throws {
    if options.asksForHelp { return try StandardOutput.show(PlotOptions.help) }
    if options.output == nil && StandardOutput.isTerminal {
      throw UsageError("plot: standard output is a terminal: -o FILE.svg, or -o DIR/")
    }
    let pictures = try draw()
    guard let output = options.output else {
      return try StandardOutput.show(Self.stacked(pictures).text, terminator: "")
    }
    guard let folder = try Self.folder(output) else {
      return try OutputFile.write(Self.stacked(pictures).text, to: output)
    }
    for (name, picture) in pictures {
      try OutputFile.write(picture.text, to: "\(folder)/\(name).svg")
    }
  }

  /// The folder that `path` names, which is created if it ends in a slash; `nil` for a file.
  private static func folder(_ path: String) throws(UsageError) -> String? {
    var status = stat()
    if stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR { return path }
    guard path.hasSuffix("/") else { return nil }
    guard mkdir(path, 0o777) == 0 else {
      throw UsageError("plot: cannot make \(path): \(String(cString: strerror(errno)))")
    }
    return path
  }

  private func draw() throws(PlotError) -> [(name: String, picture: SVG)] {
    var runs: [(series: Series, run: RunFile, samples: [RequestBar])] = []
    var traces: [(name: String, lanes: [Lanes.Lane])] = []
    for path in options.paths {
      switch try PictureFile(path) {
      case .run(let run, let samples):
        runs.append((Series(Self.name(of: path), position: runs.count), run, samples))
      case .trace(let lanes): traces.append((Self.name(of: path), lanes))
      case .tour(let record):
        guard options.paths.count == 1 else { throw PlotError("\(path): a tour is drawn alone") }
        return TourPictures(record).all
      }
      guard runs.isEmpty || traces.isEmpty else {
        throw PlotError("\(path): a run and a trace have no picture in common")
      }
    }
    if !traces.isEmpty { return [("lanes", lanes(traces))] }
    return runs.allSatisfy { $0.samples.count <= Self.mostRows }
      ? [("timeline", timeline(runs))] : [("percentiles", percentiles(runs))]
  }

  /// Places several pictures one below the other.
  private static func stacked(_ pictures: [(name: String, picture: SVG)]) -> SVG {
    if pictures.count == 1 { return pictures[0].picture }
    return pictures.reduce(into: SVG(title: "Five Ways to Wait", description: "")) {
      $0.append($1.picture)
    }
  }

  private func timeline(_ runs: [(series: Series, run: RunFile, samples: [RequestBar])]) -> SVG {
    let counts = runs.map { "\($0.samples.count) with \($0.run.concurrency) clients" }
    let isSame = Set(counts).count == 1
    let what =
      isSame
      ? "\(runs[0].samples.count) requests, \(runs[0].run.concurrency) at a time." : "Requests."
    return Timeline(
      title: "Who waits for whom", note: "\(what) A bar per request, from its start to its end.",
      panels: runs.map { Timeline.Panel($0.series, $0.samples) }
    ).picture
  }

  /// Draws traces on a common time axis. With several traces, each lane shows the name of its
  /// trace.
  private func lanes(_ traces: [(name: String, lanes: [Lanes.Lane])]) -> SVG {
    if traces.count == 1 { return Lanes(title: traces[0].name, lanes: traces[0].lanes).picture }
    let lanes = traces.flatMap { trace in
      trace.lanes.map { lane in
        var lane = lane
        if lane.name != trace.name { lane.name = "\(trace.name), \(lane.name)" }
        return lane
      }
    }
    return Lanes(title: "What the threads do", lanes: lanes).picture
  }

  private func percentiles(_ runs: [(series: Series, run: RunFile, samples: [RequestBar])]) -> SVG {
    PercentileCurve(
      title: "How long it takes, up to the slowest",
      note: "Every step to the right is ten times rarer. A curve ends where its data end.",
      curves: runs.map { ($0.series, PercentileCurve.Curve($0.samples.map(\.total))) }
    ).picture
  }

  /// `results/03-Epoll.json` is called 03-Epoll.
  private static func name(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".json") ? String(name.dropLast(5)) : name
  }
}

/// Why a file cannot be drawn.
package struct PlotError: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
