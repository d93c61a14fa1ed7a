import Testing

@testable import BenchTour
@testable import bench

/// The parts of the tour, without any server.
struct TourPartsTests {
  @Test(arguments: [
    (["--servers", "3"], [3]), (["--servers", "1-5"], [1, 2, 3, 4, 5]),
    (["--servers", "4,1-2,2"], [1, 2, 4]), ([], [1, 2, 3, 4, 5]),
  ])
  func serversMayBeChosen(_ arguments: [String], _ servers: [Int]) throws {
    #expect(try TourOptions(arguments).servers == servers)
  }

  @Test(arguments: [
    (["--servers", "0"], "tour: --servers 0: expected chapters such as 3, 1-5 or 1,3"),
    (["--servers", "5-1"], "tour: --servers 5-1: expected chapters such as 3, 1-5 or 1,3"),
    (["--servers", ""], "tour: --servers : expected chapters such as 3, 1-5 or 1,3"),
    (["--scale", "0"], "tour: --scale 0: expected a number from 0.01 to 5"),
    (["--json"], "tour: --json needs a value"),
    (["--slow"], "tour: unknown option '--slow'"),
    (["--html", "/nowhere/x"], "cannot write /nowhere/x: No such file or directory"),
  ])
  func aMistakeIsOneLineAndStatus2(_ arguments: [String], _ message: String) throws {
    let output = try BenchProcess.run(["tour"] + arguments)
    #expect(output.errors == "bench: \(message) (try -h)\n")
    #expect(output.status == 2)
  }

  @Test func saysWhichServerIsMissing() throws {
    let folder = try TemporaryFolder()
    let output = try BenchProcess.run(
      "tour", "--servers", "2", "--bin", folder.path, "--html", "\(folder.path)/tour.html")
    #expect(output.errors == "bench: no server \(folder.path)/02-ThreadPool\n")
    #expect(output.status == 1)
  }

  @Test func everyRoundBeginsWithAnotherServer() throws {
    let plan = TourPlan(try TourOptions(["--servers", "1-3"]))
    #expect(plan.rounds == 3)
    #expect(
      (0..<3).map { plan.order(ofRound: $0).map { $0.prefix(2) } } == [
        ["01", "02", "03"], ["02", "03", "01"], ["03", "01", "02"],
      ])
    // Each server has five levels and the broadcasts in every round, the slow backend twice in
    // all, and one trace.
    #expect(plan.steps == 3 * (3 * 6 + 3))
  }

  @Test func aFactorScalesTimesAndClients() throws {
    let plan = TourPlan(try TourOptions(["--quick", "--scale", "0.1"]))
    #expect([plan.delay, plan.time, plan.webSockets, plan.rounds] == [10, 50, 100, 1])
  }

  @Test func verdictsFollowTheFigures() {
    #expect(
      Verdict(server(queued: true, served: 1), record).text
        == "Ten clients wait for each other: half of their requests take 10.0 delays or more. "
        + "Thirty at once are done after 30.0 delays. Of 64 clients that keep their connections it serves 1, "
        + "while the others wait: 12,000 requests/s, 20.0 µs of CPU each.")
    #expect(
      Verdict(server(queued: false, served: 64), record).text
        == "Ten clients do not wait for each other. Nor do thirty. It serves all of 64 clients that keep their "
        + "connections: 12,000 requests/s, 20.0 µs of CPU each.")
    var broken = TourRecord.Server(name: "03-Epoll")
    broken.problem = "it ended"
    #expect(Verdict(broken, record).text == "It could not be measured completely: it ended.")
    #expect(TourTable.cells(broken).dropFirst() == ["–", "–", "–", "–", "0", "–", "–", "–", "–"])
  }

  @Test func whereTheLoadWasTheLimitTheServerCouldDoMore() {
    var server = server(queued: false, served: 64)
    #expect(TourTable.cells(server)[1] == "12,000")
    server.levels[0].rounds = [true, true, false].map { Self.round(served: 64, p99: 1, limit: $0) }
    #expect(TourTable.cells(server)[1] == "≥ 12,000")
    #expect(Verdict(server, record).text.contains(": at least 12,000 requests/s, 20.0 µs"))
  }

  @Test(arguments: [
    ([1000, 1000], 1.0, "A broadcast reaches the last of 1,000 WebSockets after 5.00 ms."),
    (
      [1000, 1000], 0.9,
      "A broadcast reaches the last of 1,000 WebSockets after 5.00 ms, but not every client gets it."
    ),
    ([1000, 10], 1.0, "Of 1,000 WebSockets it lets in 10."),
  ])
  func theVerdictSaysHowFarABroadcastGoes(_ connected: [Int], _ reach: Double, _ text: String) {
    var server = TourRecord.Server(name: "04-Actor")
    server.broadcasts = connected.map {
      TourRecord.Broadcast(
        connected: $0, reach: reach, firstNs: 1, medianNs: 2, lastNs: 5_000_000)
    }
    #expect(Verdict(server, record).text == text)
  }

  @Test func theMiddleOfTheRoundsCounts() {
    var level = TourRecord.Level(clients: 64)
    #expect(level.median(\.p99Ns) == nil)
    level.rounds = [30, 10, 20].map { Self.round(served: 64, p99: $0) }
    #expect(level.median(\.p99Ns) == 20)
    #expect(level.longest == 30)
  }

  private var record: TourRecord {
    TourRecord(
      system: "", processor: "", cores: 2, isQuick: true, delayNs: 1_000_000, webSockets: 1000,
      servers: [])
  }

  /// Requests to a backend that takes one millisecond, one after the other or all at once.
  private func server(queued: Bool, served: Int) -> TourRecord.Server {
    var server = TourRecord.Server(name: "03-Epoll")
    server.articles = (1...30).map { _ in [0, 0, 0, queued ? 10_000_000 : 1_000_000] }
    server.crowd = (1...30).map { [0, 0, 0, queued ? $0 * 1_000_000 : 1_000_000] }
    server.levels = [
      TourRecord.Level(clients: 64, rounds: [Self.round(served: served, p99: 1)])
    ]
    return server
  }

  private static func round(served: Int, p99: UInt64, limit: Bool = false) -> TourRecord.Round {
    TourRecord.Round(
      requestsPerSecond: 12_000, medianNs: p99, p99Ns: p99, maxNs: p99, clientsServed: served,
      cpuNsPerRequest: 20_000, clientIsTheLimit: limit)
  }
}
