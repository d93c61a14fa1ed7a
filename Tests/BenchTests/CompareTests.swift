import Foundation
import Testing

@testable import bench

/// `bench compare`, and the test that it rests on.
struct CompareTests {
  /// The largest U that is significant at 0.05, two-sided: the table of critical values that textbooks print.
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
    // Two of the 70 ways to deal eight values out, two of 252, and two of 20.
    #expect(MannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).p == 2.0 / 70)
    #expect(MannWhitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]).p == 2.0 / 252)
    #expect(MannWhitney([1, 2, 3], [4, 5, 6]).p == 0.1)
    // All equal: no way of dealing is further from the middle than another.
    #expect(MannWhitney([5, 5, 5, 5], [5, 5, 5, 5]).p == 1)
    #expect(MannWhitney([5, 5, 5, 5], [5, 5, 5, 5]).u == 8)
    // Of the three ways to choose two of 1, 1, 2 two have the sum 1 + 2, and one is further from the mean.
    #expect(MannWhitney([1, 1], [2]).p == 1.0 / 3)
  }

  @Test(arguments: [
    ("old-1.json", "old"), ("old/12.json", "old"), ("a/new_run-07.json", "a/new_run"),
    ("A.json", "A"), ("7.json", "7.json"), ("../x/1.json", "../x"),
  ])
  func groupsFilesByTheirPathWithoutTheNumber(_ path: String, _ name: String) {
    #expect(Comparison.groupName(path) == name)
  }

  /// Repeated runs of something that makes about so many requests per second.
  private func write(_ rates: [Double], as name: String, in folder: URL) throws -> [String] {
    try rates.enumerated().map { index, rate in
      let url = folder.appendingPathComponent("\(name)-\(index + 1).json")
      let times = "{\"p50\": \(1e9 / rate), \"p99\": 2000000, \"max\": \(1e9 + rate)}"
      let text = """
        {"kind": "http", "result": {"requests_per_second": \(rate), "complete": 1000,
         "client_cpu_ns": 5000000}, "times_ns": {"total": \(times)}}
        """
      try Data(text.utf8).write(to: url)
      return url.path
    }
  }

  private func compare(_ old: [Double], _ new: [Double]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("compare-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try write(old, as: "old", in: folder) + write(new, as: "new", in: folder)
    let output = try BenchProcess.run(["compare"] + files)
    #expect(output.status == 0 && output.errors == "")
    return output.text.split(separator: "\n").map(String.init)
  }

  private let noise = [1.00, 0.98, 1.03, 0.99, 1.01, 1.02, 0.97]

  @Test func callsTheSameTheSame() throws {
    let lines = try compare(
      noise.map { 100_000 * $0 }, noise.reversed().map { 100_100 * $0 })
    #expect(lines.count == 6)
    #expect(lines.dropFirst().allSatisfy { $0.contains(" ~ (p=") })
  }

  @Test func findsTenPercent() throws {
    let lines = try compare(
      noise.map { 100_000 * $0 }, noise.reversed().map { 110_000 * $0 })
    let rate = try #require(lines.first { $0.hasPrefix("requests/s") })
    #expect(rate.contains("100000 ± 3.0 %"))
    #expect(rate.hasSuffix("  110000 ± 3.0 %  +10.00 % (p=0.001)"))
    let median = try #require(lines.first { $0.hasPrefix("p50 (ms)") })
    #expect(median.contains(" -9.09 % (p=0.001)"))
    let p99 = try #require(lines.first { $0.hasPrefix("p99 (ms)") })
    #expect(p99.contains(" ~ (p=1.000)"))
  }

  @Test func saysWhereThereAreTooFewRuns() throws {
    let lines = try compare([1, 2, 3], [101, 102, 103])
    #expect(lines.last?.contains("too few runs to tell a difference") == true)
    #expect(lines.dropFirst().dropLast().allSatisfy { $0.contains(" ~ (p=") })
  }

  @Test(arguments: [
    ([], "compare: no files"),
    (["/nowhere/a.json"], "cannot read /nowhere/a.json: open: No such file or directory"),
    (["/dev/null"], "/dev/null is not what bench --json writes"),
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
      // A title and five rows.
      #expect(output.text.split(separator: "\n").count == 6)
      #expect(output.text.contains(url == server.url ? "requests/s" : "messages/s"))
    }
  }
}
