import Foundation
import Testing

@testable import BenchSupport
@testable import bench

/// `bench plot`, from the files to the words in the pictures.
@Suite(.timeLimit(.minutes(5)))
struct PlotTests {
  @Test func aSmallRunBecomesATimelineThatSaysItsNumbers() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let file = try TemporaryFile()
    let run = try Measured(["-n30", "-c10", server.url], keptAt: file.path)
    let picture = try plot([file.path])
    let end = try #require(run.record.requests.map { $0[0] + $0[3] }.max())
    #expect(
      picture.words.hasSuffix(
        "30 requests, median \(time(run, "median")) ms, all done after \(milliseconds(UInt64(end))) ms."
      ))
    #expect(picture.labels.contains { $0.hasSuffix("done in \(shortTime(Double(end)))") })
    #expect(picture.elements["rect", default: 0] > 30)
  }

  @Test func aLargeRunBecomesAPercentileCurveThatSaysItsNumbers() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let file = try TemporaryFile()
    let run = try Measured(["-kn1000", "-c10", server.url], keptAt: file.path)
    let picture = try plot([file.path])
    #expect(
      picture.words.hasSuffix(
        "1000 requests, median \(time(run, "median")) ms, p99 \(time(run, "p99")) ms, "
          + "longest \(time(run, "max")) ms."))
    #expect(picture.labels.contains("99.9") && !picture.labels.contains("99.99"))
  }

  @Test func severalRunsArePanelsNamedAfterTheirFiles() throws {
    let fast = try TemporaryFile(contents: Self.smallRun)
    let slow = try TemporaryFile(contents: Self.smallRun)
    let paths = [fast.path, slow.path]
    let picture = try plot(paths)
    for path in paths {
      let name = try #require(path.split(separator: "/").last)
      #expect(picture.labels.contains(String(name)))
      #expect(picture.words.contains("\(name): 2 requests, median 2.500 ms"))
    }
  }

  @Test func aTraceBecomesALaneForEachThread() throws {
    let file = try TemporaryFile(contents: Self.trace)
    let picture = try plot([file.path])
    #expect(
      picture.words.hasSuffix(
        "loop: 4 events of 2 clients, 0.031 ms of work, 2.500 ms of waiting. "
          + "thread 8: 1 event of 1 client, 0.500 ms of work, 0.000 ms of waiting."))
    #expect(picture.labels.contains("loop") && picture.labels.contains("thread 8"))
    // From the first client's first event to the end of the last one, not from the time when the
    // server started to wait.
    #expect(picture.labels.contains("2 ms") && !picture.labels.contains("5 ms"))
  }

  @Test func theLanesOfSeveralTracesSayWhoseTheyAre() throws {
    let first = try TemporaryFile(contents: Self.trace)
    let second = try TemporaryFile(contents: Self.trace)
    let paths = [first.path, second.path]
    let labels = try plot(paths).labels
    for path in paths {
      let name = try #require(path.split(separator: "/").last)
      #expect(labels.contains("\(name), loop") && labels.contains("\(name), thread 8"))
    }
  }

  @Test func writesTheFileItIsTold() throws {
    let run = try TemporaryFile(contents: Self.smallRun)
    let svg = try TemporaryFile()
    let output = try BenchProcess.run("plot", run.path, "-o", svg.path)
    #expect(output.status == 0 && output.text == "")
    let text = String(decoding: try readFile(svg.path), as: UTF8.self)
    #expect(text == (try BenchProcess.run("plot", run.path)).text)
  }

  @Test func aFolderGetsAFileForEachPicture() throws {
    let run = try TemporaryFile(contents: Self.smallRun)
    let folder = try TemporaryFolder()
    #expect(try BenchProcess.run("plot", run.path, "-o", "\(folder.path)/").status == 0)
    let text = String(decoding: try folder.read("timeline.svg"), as: UTF8.self)
    #expect(text == (try BenchProcess.run("plot", run.path)).text)
  }

  @Test func aFolderNeedsNoSlashAndIsMadeIfThereIsNone() throws {
    let run = try TemporaryFile(contents: Self.smallRun)
    let folder = try TemporaryFolder()
    let new = "\(folder.path)/new/"
    for path in [folder.path, new] {
      let output = try BenchProcess.run("plot", run.path, "-o", path)
      #expect(output.status == 0 && output.errors == "")
    }
    #expect(folder.contains("timeline.svg") && folder.contains("new/timeline.svg"))
  }

  @Test(arguments: ["plot", "compare"], ["-h", "--help"])
  func helpIsNoFile(_ command: String, _ flag: String) throws {
    let output = try BenchProcess.run(command, flag)
    #expect(output.status == 0 && output.errors == "")
    #expect(output.text.hasPrefix("bench \(command) "))
    #expect(output.text.contains("\n  -h "))
  }

  @Test func noPictureIsPouredIntoATerminal() throws {
    let run = try TemporaryFile(contents: Self.smallRun)
    let command = "script -qec '\(BenchProcess.products)bench plot \(run.path)' /dev/null"
    let output = try BenchProcess.run(shell: "command -v script >&2 || exit 99; \(command)")
    if output.status == 99 { try Test.cancel("script(1) is not installed: no pseudo-terminal") }
    #expect(output.status == 2)
    #expect(output.text.hasPrefix("bench: plot: standard output is a terminal: -o FILE.svg"))
  }

  /// `docs/pictures` shows the figures of `docs/measurements/tour.json`.
  @Test func theRecordedPicturesAreThoseOfTheRecordedTour() throws {
    let docs = #filePath.replacing("Tests/BenchTests/PlotTests.swift", with: "docs")
    let folder = try TemporaryFolder()
    let record = "\(docs)/measurements/tour.json"
    #expect(try BenchProcess.run("plot", record, "-o", "\(folder.path)/").status == 0)
    for name in ["timeline", "crowd", "throughput", "percentiles", "costs", "broadcast"] {
      let recorded = try readFile("\(docs)/pictures/\(name).svg")
      #expect(try folder.read("\(name).svg").elementsEqual(recorded), "\(name)")
    }
  }

  /// Each chapter shows its server below the one before; `docs/pictures/chapters.py` draws that.
  @Test(arguments: [
    (0, "01-crowd"), (1, "02-crowd"), (2, "03-crowd"), (3, "04-crowd"), (4, "05-broadcast"),
  ])
  func theChaptersPicturesAreThoseOfTheRecordedTour(_ index: Int, _ name: String) throws {
    let docs = #filePath.replacing("Tests/BenchTests/PlotTests.swift", with: "docs")
    let text = try Data(contentsOf: URL(filePath: "\(docs)/measurements/tour.json"))
    var tour = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
    let servers = tour["servers"] as? [Any] ?? []
    tour["servers"] = Array(servers.prefix(index + 1).suffix(2))
    let part = try JSONSerialization.data(withJSONObject: tour)
    let record = try TemporaryFile(contents: String(decoding: part, as: UTF8.self))
    let folder = try TemporaryFolder()
    #expect(try BenchProcess.run("plot", record.path, "-o", "\(folder.path)/").status == 0)
    let recorded = try readFile("\(docs)/pictures/\(name).svg")
    #expect(try folder.read("\(name.dropFirst(3)).svg").elementsEqual(recorded))
  }

  /// The same holds for the recorded traces of three servers.
  @Test func theRecordedLanesAreThoseOfTheRecordedTraces() throws {
    let docs = #filePath.replacing("Tests/BenchTests/PlotTests.swift", with: "docs")
    let traces = ["01-Sequential", "02-ThreadPool", "03-Epoll"]
    let paths = traces.map { "\(docs)/measurements/traces/\($0).json" }
    let output = try BenchProcess.run(["plot"] + paths)
    #expect(output.text.utf8.elementsEqual(try readFile("\(docs)/pictures/lanes.svg")))
  }

  @Test(arguments: [
    ("{", "not valid JSON"),
    ("[]", "neither a run or a tour that --json wrote, nor a trace"),
    ("{}", "neither a run or a tour that --json wrote, nor a trace"),
    (#"{"requests_ns": []}"#, "'concurrency' is missing"),
    (#"{"traceEvents": [{"name": 1}]}"#, "'traceEvents.Index 0.name' has the wrong type or value"),
    (
      smallRun.replacing(#""wait", "#, with: ""),
      "its requests are not start, connect, wait and total"
    ),
    (
      smallRun.replacing("[0, 1000, 1999000, 2000000], [1000000, 0, 3000000, 3000000]", with: ""),
      "there are no requests in it"
    ),
  ])
  func anythingElseIsOneLine(_ contents: String, _ reason: String) throws {
    let file = try TemporaryFile(contents: contents)
    let output = try BenchProcess.run("plot", file.path)
    #expect(output.errors == "bench: \(file.path): \(reason)\n")
    #expect(output.text == "")
    #expect(output.status == 1)
  }

  @Test func mistakesOnTheCommandLine() throws {
    let trace = try TemporaryFile(contents: Self.trace)
    let run = try TemporaryFile(contents: Self.smallRun)
    let path = trace.path
    let usage = "bench plot RUN.json … -o FILE.svg (or -o DIR/)"
    #expect(try BenchProcess.run("plot").errors == "bench: plot: no file: \(usage) (try -h)\n")
    #expect(
      try BenchProcess.run("plot", "-x").errors == "bench: plot: unknown option '-x' (try -h)\n")
    #expect(
      try BenchProcess.run("plot", run.path, "-o", "/nowhere/pictures/").errors
        == "bench: plot: cannot make /nowhere/pictures/: No such file or directory (try -h)\n")
    #expect(
      try BenchProcess.run("plot", path, run.path).errors
        == "bench: \(run.path): a run and a trace have no picture in common\n")
    let missing = try BenchProcess.run("plot", "/nowhere/run.json")
    #expect(missing.errors == "bench: /nowhere/run.json: open: No such file or directory\n")
    #expect(missing.status == 1)
  }

  private func plot(_ paths: [String]) throws -> PictureText {
    let output = try BenchProcess.run(["plot"] + paths)
    #expect(output.errors == "")
    #expect(output.status == 0)
    return try #require(PictureText(output.text))
  }

  private func time(_ run: Measured, _ name: String) -> String {
    milliseconds(UInt64(run.record.times["total"]?[name] ?? -1))
  }

  static let smallRun = """
    {"concurrency": 2, "accounting": {"sent": 2, "ok": 2, "unfinished": 0},
     "result": {"complete": 2, "duration_ns": 4000000, "requests_per_second": 500.00,
       "client_is_the_limit": false},
     "requests_columns": ["start", "connect", "wait", "total"],
     "requests_ns": [[0, 1000, 1999000, 2000000], [1000000, 0, 3000000, 3000000]]}
    """

  private static let trace = """
    {"traceEvents": [
      {"name": "thread_name", "ph": "M", "pid": 1, "tid": 7, "args": {"name": "loop"}},
      {"name": "wait", "ph": "X", "ts": 0.5, "dur": 5000, "pid": 1, "tid": 7},
      {"name": "read", "ph": "X", "ts": 5100.5, "dur": 10, "pid": 1, "tid": 7, "args": {"client": 1}},
      {"name": "pause", "ph": "X", "ts": 5110.5, "dur": 2000, "pid": 1, "tid": 7, "args": {"client": 1}},
      {"name": "read", "ph": "X", "ts": 5120, "dur": 20.5, "pid": 1, "tid": 7, "args": {"client": 2}},
      {"name": "read", "ph": "X", "ts": 5130, "dur": 500, "pid": 1, "tid": 8, "args": {"client": 3}},
      {"name": "pause", "ph": "b", "ts": 5200, "cat": "client", "id2": {"local": "2"}, "pid": 1, "tid": 7, "args": {"client": 2}},
      {"name": "pause", "ph": "e", "ts": 5700, "cat": "client", "id2": {"local": "2"}, "pid": 1, "tid": 7, "args": {"client": 2}}
    ]}
    """
}
