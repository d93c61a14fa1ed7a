import Common
import FoundationEssentials

/// `bench plot`: draws what a file holds. Several runs become panels of one picture.
struct PlotCommand {
  static let usage = "bench plot RUN.json … [-o FILE.svg | -o DIR/]"
  /// More rows than this are no timeline any more.
  private static let mostRows = 120

  private var paths: [String] = []
  private var output: String?

  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      if argument == "-o" {
        guard let path = rest.next() else { throw UsageError("-o needs a value") }
        output = path
      } else if argument.hasPrefix("-") {
        throw UsageError("unknown option '\(argument)': \(Self.usage)")
      } else {
        paths.append(argument)
      }
    }
    if paths.isEmpty { throw UsageError("no file: \(Self.usage)") }
  }

  /// Throws a ``PlotError`` that names the file, or a ``UsageError`` where a picture cannot be written.
  func perform() throws {
    let pictures = try draw()
    guard let output else { return print(Self.stacked(pictures).text, terminator: "") }
    guard output.hasSuffix("/") else {
      return try OutputFile(output).write(Self.stacked(pictures).text)
    }
    for (name, picture) in pictures { try OutputFile("\(output)\(name).svg").write(picture.text) }
  }

  private func draw() throws(PlotError) -> [(name: String, picture: SVG)] {
    var runs: [(series: Series, run: RunFile, samples: [RequestBar])] = []
    var traces: [(name: String, lanes: [Lanes.Lane])] = []
    for path in paths {
      switch try PictureFile(path) {
      case .run(let run, let samples):
        runs.append((Series(Self.name(of: path), position: runs.count), run, samples))
      case .trace(let lanes): traces.append((Self.name(of: path), lanes))
      case .tour(let record):
        guard paths.count == 1 else { throw PlotError("\(path): a tour is drawn alone") }
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

  /// One below the other where there are several.
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

  /// On a common axis of time. Where there are several traces, a lane tells whose it is.
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
struct PlotError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
