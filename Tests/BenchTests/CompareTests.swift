import Foundation
import Testing

@testable import BenchTour
@testable import bench

/// `bench compare`, and the test that it relies on.
struct CompareTests {
  /// The largest U that is significant at 0.05, two-sided: the table of critical values that
  /// textbooks print.
  static let table: [(Int, Int, Int)] = [
    (3, 5, 0), (4, 4, 0), (4, 6, 2), (5, 5, 2), (5, 6, 3), (5, 8, 6), (6, 6, 5), (7, 7, 8),
    (6, 10, 11), (8, 8, 13), (9, 9, 17), (10, 10, 23), (12, 15, 49), (15, 15, 64), (20, 20, 127),
  ]

  /// Two sets whose U is this: the first set begins with the lowest ranks, and moves up one by one.
  private func sets(_ first: Int, _ second: Int, u: Int) -> ([Double], [Double]) {
    var ranks = Array(1...first)
    var left = u
    for index in ranks.indices.reversed() {
      let step = min(left, second)
      ranks[index] += step
      left -= step
    }
    let others = (1...first + second).filter { !ranks.contains($0) }
    return (ranks.map(Double.init), others.map(Double.init))
  }

  @Test(arguments: table)
  func agreesWithTheTables(_ first: Int, _ second: Int, _ critical: Int) {
    let (a, b) = sets(first, second, u: critical)
    #expect(MannWhitney(a, b).u == Double(critical))
    #expect(MannWhitney(a, b).p <= 0.05)
    #expect(MannWhitney(b, a).p == MannWhitney(a, b).p)
    let (c, d) = sets(first, second, u: critical + 1)
    #expect(MannWhitney(c, d).u == Double(critical + 1))
    #expect(MannWhitney(c, d).p > 0.05)
  }

  @Test func isExact() {
    // Two of the 70 ways to deal out eight values, two of 252, and two of 20.
    #expect(MannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).p == 2.0 / 70)
    #expect(MannWhitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]).p == 2.0 / 252)
    #expect(MannWhitney([1, 2, 3], [4, 5, 6]).p == 0.1)
    // All equal: no way of dealing is further from the middle than another.
    #expect(MannWhitney([5, 5, 5, 5], [5, 5, 5, 5]).p == 1)
    #expect(MannWhitney([5, 5, 5, 5], [5, 5, 5, 5]).u == 8)
    // Of the three ways to choose two of 1, 1, 2 two have the sum 1 + 2, and one is further from
    // the mean.
    #expect(MannWhitney([1, 1], [2]).p == 1.0 / 3)
  }

  @Test(arguments: [
    ("old-1.json", "old"), ("old/12.json", "old"), ("a/new_run-07.json", "a/new_run"),
    ("A.json", "A"), ("7.json", "7.json"), ("../x/1.json", "../x"),
  ])
  func groupsFilesByTheirPathWithoutTheNumber(_ path: String, _ name: String) {
    #expect(RunGroup.name(of: path) == name)
  }

  /// Repeated runs of something that makes about this many requests per second.
  private func write(
    _ rates: [Double], as name: String, in folder: URL, servers: [String] = []
  ) throws -> [String] {
    try rates.enumerated().map { index, rate in
      let url = folder.appendingPathComponent("\(name)-\(index + 1).json")
      let times = "{\"p50\": \(1e9 / rate), \"p99\": 2000000, \"max\": \(1e9 + rate)}"
      let text = """
        {"kind": "http", "concurrency": 64,
         "target": {"path": "/", "server_software": "\(servers.isEmpty ? "" : servers[index])"},
         "result": {"requests_per_second": \(rate), "complete": 1000,
         "client_cpu_ns": 5000000}, "times_ns": {"total": \(times)}}
        """
      try Data(text.utf8).write(to: url)
      return url.path
    }
  }

  private func compare(
    _ old: [Double], _ new: [Double], servers: [String] = []
  ) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("compare-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files =
      try write(old, as: "old", in: folder)
      + write(new, as: "new", in: folder, servers: servers)
    let output = try BenchProcess.run(["compare"] + files)
    #expect(output.status == 0 && output.errors == "")
    return output.text.split(separator: "\n").map(String.init)
  }

  private let noise = [1.00, 0.98, 1.03, 0.99, 1.01, 1.02, 0.97]

  @Test func callsTheSameTheSame() throws {
    let lines = try compare(
      noise.map { 100_000 * $0 }, noise.reversed().map { 100_100 * $0 })
    #expect(lines.count == 7)
    #expect(
      lines.dropFirst().dropLast().allSatisfy { $0.contains("  ~ ") && $0.contains(" % (p=") })
  }

  @Test func findsTenPercent() throws {
    let lines = try compare(
      noise.map { 100_000 * $0 }, noise.reversed().map { 110_000 * $0 })
    let rate = try #require(lines.first { $0.hasPrefix("requests/s") })
    #expect(rate.contains("100000 ± 3.0 %"))
    #expect(rate.hasSuffix("  110000 ± 3.0 %   +10.00 % (p=0.001)"))
    let median = try #require(lines.first { $0.hasPrefix("p50 (ms)") })
    #expect(median.contains(" -9.09 % (p=0.001)"))
    let p99 = try #require(lines.first { $0.hasPrefix("p99 (ms)") })
    #expect(p99.contains(" ~ +0.00 % (p=1.000)"))
  }

  @Test func saysWhereThereAreTooFewRuns() throws {
    let lines = try compare([1, 2, 3], [101, 102, 103])
    #expect(lines.last?.contains("too few runs to tell a difference") == true)
    let rows = lines.dropFirst().dropLast(2)
    #expect(rows.allSatisfy { $0.contains("  ~ ") })
    // The size of the change is shown anyway.
    #expect(rows.first?.hasSuffix("~ +5000.00 % (p=0.100)") == true)
  }

  @Test func oneRunHasNoSpread() throws {
    let lines = try compare([80_214], [139_009])
    #expect(!lines.contains { $0.contains("±") })
    let rate = try #require(lines.first { $0.hasPrefix("requests/s") })
    #expect(rate.hasSuffix("  80214   139009  ~ +73.30 % (p=1.000)"))
  }

  @Test func saysHowFilesBecomeGroups() throws {
    let sentence = "whose files differ only in the number at the end of their names"
    #expect(try compare([1], [2]).contains { $0.contains(sentence) })
    #expect(try BenchProcess.run("compare", "-h").text.contains("old-1.json and old-2.json"))
  }

  @Test func saysWhereDifferentServersAnsweredTheRunsOfAGroup() throws {
    let names = ["03-Epoll", "05-WebSocket", "05-WebSocket", "03-Epoll"]
    let lines = try compare([1, 2, 3, 4], [5, 6, 7, 8], servers: names)
    #expect(lines.contains("new: different servers answered its runs: 03-Epoll, 05-WebSocket"))
    let same = try compare([1, 2], [3, 4], servers: ["03-Epoll", "03-Epoll"])
    #expect(!same.contains { $0.contains("different servers") })
    #expect(same.contains { $0.hasPrefix("server ") && $0.contains("03-Epoll") })
  }

  @Test func saysWhereTheRunsOfAGroupDoNotMeasureTheSame() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let files = ["1", "2"].map { "\(folder.path)/c\($0).json" }
    for (file, clients) in zip(files, ["1", "2"]) {
      _ = try BenchProcess.run(["-kn10", "-c", clients, "--json", file, server.url])
    }
    let output = try BenchProcess.run(["compare"] + files)
    #expect(output.text.hasSuffix("c: its runs do not measure the same: / -c 1 -k | / -c 2 -k\n"))
  }

  @Test(arguments: [
    ([], "compare: no files"),
    (["/dev/null", "-x"], "compare: unknown option '-x'"),
    (["/nowhere/a.json"], "compare: cannot read /nowhere/a.json: open: No such file or directory"),
    (["/dev/null"], "compare: /dev/null is not what bench --json writes"),
  ])
  func aMistakeIsOneLineAndStatus2(_ files: [String], _ message: String) throws {
    let output = try BenchProcess.run(["compare"] + files)
    #expect(output.errors == "bench: \(message) (try -h)\n")
    #expect(output.status == 2)
  }

  @Test func readsWhatBenchWrites() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let echo = try FaultWebSocket.start { _ in .answer }
    defer { echo.stop() }
    for url in [server.url, echo.url] {
      let file = try TemporaryFile()
      let path = file.path
      _ = try BenchProcess.run(["-n10", "--json", path, url])
      let output = try BenchProcess.run(["compare", path])
      #expect(output.status == 0)
      // A title, five rows, a legend, and perhaps the name of the server.
      #expect(output.text.split(separator: "\n").count == (url == server.url ? 8 : 7))
      #expect(output.text.contains(url == server.url ? "requests/s" : "messages/s"))
    }
  }
}
