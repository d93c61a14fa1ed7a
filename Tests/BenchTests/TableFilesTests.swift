import Testing

@testable import BenchSupport
@testable import bench

/// Files from which other programs draw pictures.
@Suite(.timeLimit(.minutes(5)))
struct TableFilesTests {
  @Test func writesTheFilesOfCSVAndHDR() throws {
    let histogram = try TemporaryFile()
    let requests = try TemporaryFile()
    // The first request to start is the last to end.
    let server = try FaultServer.start { number in
      (number == 1 ? [.waitForAnswers(28)] : []) + [.send(Answers.hello)]
    }
    defer { server.stop() }
    let files = ["--hdr", histogram.path, "--csv", requests.path]
    _ = try BenchProcess.run(["-kn29", "-c2"] + files + [server.url])
    let table = try lines(of: requests.path)
    #expect(table.count == 30)
    #expect(table.first == "start_us,connect_us,wait_us,total_us,late_us")
    let starts = table.dropFirst().compactMap { Double($0.split(separator: ",")[0]) }
    #expect(starts.count == 29 && starts == starts.sorted())
    // HdrHistogram's plotter splits these lines at white space.
    let rows = try lines(of: histogram.path).map { $0.split(separator: " ").map(String.init) }
    #expect(rows[0] == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"])
    let data = rows.dropFirst().prefix { $0[0].first != "#" }
    for column in 0..<3 {
      let values = data.compactMap { Double($0[column]) }
      #expect(values.count == data.count && values == values.sorted())
    }
    #expect(data.first?[1] == "0.000000000000" && data.first?[3] == "1.00")
    #expect(data.last?[1...] == ["1.000000000000", "29"])
    #expect(rows.suffix(2).map { $0[0] } == ["#[Mean", "#[Max"])
  }

  private func lines(of path: String) throws -> [String] {
    String(decoding: try readFile(path), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
