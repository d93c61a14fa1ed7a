import Common
import Foundation
import Glibc
import Testing

@testable import BenchSupport
@testable import BenchTour
@testable import bench

/// `bench tour` from its first server to its page; every server is a separate process.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct TourTests {
  @Test func measuresAllFiveAndDrawsThem() throws {
    let folder = try TemporaryFolder()
    let arguments = ["--quick", "--scale", "0.1", "--bin", BenchProcess.products]
    let output = try tour(arguments, folder.path)
    // A server that does not end with status 0 would count as a failure.
    #expect(output.status == 0, "\(output.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let record = try decoder.decode(TourRecord.self, from: folder.read("tour.json"))
    #expect(record.servers.map(\.name) == TourPlan.names)
    #expect(record.delayNs == 10_000_000)
    for server in record.servers {
      try check(server)
      #expect(output.text.contains("\n\(server.name)  "))
    }
    try checkPictures(record, folder.path)
    #expect(try folder.read("tour.html").count > 50_000)
    let page = String(decoding: try folder.read("tour.html"), as: UTF8.self)
    #expect(!page.contains("src=") && !page.contains("@import") && !page.contains("import {"))
    try checkPlayer(page)
  }

  /// Each server's trace is in the page, whole, and every one of its six requests was closed.
  private func checkPlayer(_ page: String) throws {
    struct PlayerData: Decodable {
      let listings: [String: Listing]
      let traces: [String: TraceFile]
    }
    struct Listing: Decodable {
      let text: String
    }
    let opening = #"<script type="application/json" id="traces">"#
    let start = try #require(page.firstRange(of: opening)?.upperBound)
    let end = try #require(page[start...].firstRange(of: "</script>")?.lowerBound)
    let data = try JSONDecoder().decode(PlayerData.self, from: Data(page[start..<end].utf8))
    #expect(data.traces.keys.sorted() == TourPlan.names)
    for (name, trace) in data.traces {
      let closed = trace.traceEvents.filter { $0.name == "close" && ($0.args?.client ?? 0) > 0 }
      #expect(closed.count == 6, "\(name)")
      #expect(data.listings[name]?.text.contains("case .pause") == true)
    }
  }

  private func check(_ server: TourRecord.Server) throws {
    #expect(server.problem == nil)
    #expect(server.failed == 0)
    #expect(server.articles.count == 30 && server.crowd.count == 30)
    #expect(server.articles.allSatisfy { $0.count == 4 && $0[3] > 5_000_000 })
    #expect(server.levels.map(\.clients) == [1, 16, 64])
    #expect(server.levels.allSatisfy { $0.rounds.count == 1 })
    #expect(server.peakMemoryBytes > 1_000_000 && server.threads >= 1 && server.descriptors > 3)
    let served = try #require(server.levels[2].rounds.first?.clientsServed)
    let limit = ["01-Sequential": 1, "02-ThreadPool": 10][server.name]
    #expect(served <= limit ?? 64)
    #expect(server.broadcasts.map(\.connected) == [limit ?? 100])
    #expect(server.broadcasts.allSatisfy { $0.reach == 1 && $0.lastNs > 0 })
  }

  /// The pictures show what was recorded, and are what `bench plot` draws from the record.
  private func checkPictures(_ record: TourRecord, _ folder: String) throws {
    func picture(_ name: String) throws -> PictureText {
      let text = String(decoding: try readFile("\(folder)/\(name).svg"), as: UTF8.self)
      return try #require(PictureText(text))
    }
    for (name, rows) in [("timeline", \TourRecord.Server.articles), ("crowd", \.crowd)] {
      let words = try picture(name).words
      for server in record.servers {
        let median = Distribution(server[keyPath: rows].map { $0[3] }).median
        #expect(words.contains("\(server.name): 30 requests, median \(milliseconds(median)) ms"))
      }
    }
    let (throughput, costs) = (try picture("throughput").words, try picture("costs").words)
    let broadcast = try picture("broadcast").words
    for server in record.servers {
      for level in server.levels {
        let round = level.rounds[0]
        let rate = fixed(round.requestsPerSecond, 0)
        let text = "\(level.clients) clients (\(round.clientsServed) served) \(rate)/s, "
        #expect(throughput.contains(text + "p99 \(milliseconds(round.p99Ns)) ms"))
      }
      let connected = try #require(server.broadcasts.first?.connected)
      #expect(broadcast.contains("\(server.name) \(connected)"))
      #expect(costs.contains("\(server.name) \(megabytes(Double(server.peakMemoryBytes)))"))
    }
    let all = try BenchProcess.run("plot", "\(folder)/tour.json")
    #expect(try #require(PictureText(all.text)).words.hasSuffix(broadcast))
  }

  @Test func aServerThatEndsBeforeItIsReadyIsReported() throws {
    let folder = try TemporaryFolder()
    try folder.addScript("03-Epoll", "printf 'no port for me' >&2; exit 4")
    let output = try tour(["--quick", "--servers", "3", "--bin", folder.path], folder.path)
    #expect(output.status == 1)
    #expect(words(output).contains("it ended with status 4 before it was ready: no port for me"))
  }

  @Test func aServerThatSaysSomethingElseIsReported() throws {
    let folder = try TemporaryFolder()
    try folder.addScript("03-Epoll", "trap 'exit 0' TERM; echo hi; while :; do sleep 0.01; done")
    let output = try tour(["--quick", "--servers", "3", "--bin", folder.path], folder.path)
    #expect(output.status == 1)
    #expect(words(output).contains("it printed 'hi' and not where it listens"))
  }

  @Test func aServerThatEndsInTheMiddleIsReported() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    // From the fifth request on no client is answered, and the process ends.
    let server = try FaultServer.start { number in
      if number == 5 { close(creat("\(path)/over", 0o644)) }
      return number < 5 ? [.send(Answers.hello)] : [.hang]
    }
    defer { server.stop() }
    let loop = "while [ ! -e \(path)/over ]; do sleep 0.01; done; exit 7"
    try folder.addScript(
      "03-Epoll", "echo pretender listening on http://127.0.0.1:\(server.port)\n\(loop)")
    let output = try tour(["--quick", "--servers", "3", "--bin", path], path)
    #expect(output.status == 1)
    #expect(words(output).contains("it ended with status 7 during the measurement"))
  }

  /// `bench` itself fails: the pretender has no WebSockets.
  @Test func aLoadThatCannotBeMadeIsReported() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    try folder.addScript("03-Epoll", Self.pretend(port: server.port, stop: "exit 0"))
    let output = try tour(
      ["--quick", "--servers", "3", "--scale", "0.05", "--bin", folder.path], folder.path)
    #expect(output.status == 1)
    #expect(words(output).contains("ended with status 3: "))
  }

  /// Two processes may listen on one port, and one of them may have been forgotten.
  @Test(arguments: [
    ("05-WebSocket", "05-WebSocket", "'05-WebSocket', not '03-Epoll'"),
    ("nginx", "caddy", "'caddy', not 'nginx'"),
  ])
  func anotherServerThatAnswersIsReported(
    _ first: String, _ later: String, _ names: String
  ) throws {
    let server = try FaultServer.start { number in
      let name = number <= 40 ? first : later
      return [.send(Answers.hello.replacing("Server: fault", with: "Server: \(name)"))]
    }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    try folder.addScript("03-Epoll", Self.pretend(port: server.port, stop: "exit 0"))
    let output = try tour(
      ["--quick", "--servers", "3", "--scale", "0.05", "--bin", folder.path], folder.path)
    #expect(output.status == 1)
    #expect(
      words(output).contains("another server answers at 127.0.0.1:\(server.port): \(names)"))
  }

  @Test func aServerThatDoesNotEndWithZeroIsReported() throws {
    let folder = try TemporaryFolder()
    // The server is real, but the process that the tour started ends with another status.
    let script = """
      trap 'kill $server; wait $server; exit 5' TERM
      \(BenchProcess.products)03-Epoll "$@" & server=$!
      while :; do sleep 0.01; done
      """
    try folder.addScript("03-Epoll", script)
    let output = try tour(
      ["--quick", "--servers", "3", "--scale", "0.05", "--bin", folder.path], folder.path)
    #expect(output.status == 1)
    #expect(words(output).contains("it ended with status 5 when it was stopped"))
  }

  @Test func failedRequestsAreCounted() throws {
    let server = try FaultServer.start { number in
      number == 5 ? [.send(Answers.truncated), .close] : [.send(Answers.hello)]
    }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    try folder.addScript("04-Actor", Self.pretend(port: server.port, stop: "exit 0"))
    let output = try tour(
      ["--quick", "--servers", "4", "--scale", "0.05", "--bin", folder.path], folder.path)
    #expect(output.status == 1)
    let record = String(decoding: try folder.read("tour.json"), as: UTF8.self)
    #expect(record.contains(#""failed" : 1"#))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptionEndsTheServerFirst(_ signal: Int32) throws {
    // It is never ready; it records that it runs and that it ended.
    let folder = try TemporaryFolder()
    let script = "trap 'touch \(folder.path)/ended; exit 0' TERM\ntouch \(folder.path)/runs\n"
    try folder.addScript("05-WebSocket", script + "while :; do sleep 0.01; done")
    let process = try BenchProcess(
      "tour", "--servers", "5", "--bin", folder.path, "--html", "\(folder.path)/tour.html")
    while !folder.contains("runs") { sched_yield() }
    process.send(signal: signal)
    let output = try process.finish()
    #expect(output.status == 128 + signal)
    #expect(output.errors.hasSuffix("bench: interrupted\n"))
    #expect(folder.contains("ended") && !folder.contains("tour.html"))
  }

  /// Without the line breaks.
  private func words(_ output: BenchProcess.Output) -> String {
    output.text.split { $0.isWhitespace }.joined(separator: " ")
  }

  /// A script that only pretends to be the server at a port.
  static func pretend(port: UInt16, stop: String) -> String {
    """
    trap '\(stop)' TERM
    echo pretender listening on http://127.0.0.1:\(port)
    while :; do sleep 0.01; done
    """
  }

  private func tour(_ arguments: [String], _ folder: String) throws -> BenchProcess.Output {
    try BenchProcess.run(
      ["tour"] + arguments + [
        "--html", "\(folder)/tour.html", "--json", "\(folder)/tour.json", "--svg", folder,
      ])
  }
}
