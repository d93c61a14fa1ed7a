import Testing

@testable import BenchSupport
@testable import bench

/// Scripts that read ab's output can read this output.
@Suite(.timeLimit(.minutes(5)))
struct LayoutTests {
  /// A run in which something of every kind happens, so that all lines are there.
  private func report(_ arguments: String...) throws -> String {
    let server = try FaultServer.start { number in
      switch number {
      case 10: [.send(Answers.truncated), .close]
      case 15: [.close]
      case 20: [.send(Answers.error)]
      default: [.send(Answers.hello)]
      }
    }
    defer { server.stop() }
    return try BenchProcess.run(["-rkn30"] + arguments + [server.url]).text
  }

  @Test func hasTheLinesOfABInTheirOrder() throws {
    let lines = try report().split(separator: "\n", omittingEmptySubsequences: false)
    // The numbers differ from run to run; the words and their columns do not.
    let shape = lines.map { line in
      var shape = ""
      for character in line {
        if !character.isNumber {
          shape.append(character)
        } else if shape.last != "0" {
          shape.append("0")
        }
      }
      return shape
    }
    #expect(Array(shape.prefix(golden.count)) == golden)
  }

  private let golden = """
    This is bench 0.0.0, part of Five Ways to Wait

    Benchmarking 0.0.0.0 (be patient).....done


    Server Software:        fault
    Server Hostname:        0.0.0.0
    Server Port:            0

    Document Path:          /
    Document Length:        0 bytes

    Concurrency Level:      0
    Time taken for tests:   0.0 seconds
    Complete requests:      0
    Failed requests:        0
       (Connect: 0, Receive: 0, Length: 0, Exceptions: 0)
       (Truncated: 0, Reset: 0, Timed out: 0, Not HTTP: 0)
    Non-0xx responses:      0
    Retried requests:       0
    Keep-Alive requests:    0
    Total transferred:      0 bytes
    HTML transferred:       0 bytes
    Requests per second:    0.0 [#/sec] (mean)
    Time per request:       0.0 [ms] (mean)
    Time per request:       0.0 [ms] (mean, across all concurrent requests)
    Transfer rate:          0.0 [Kbytes/sec] received

    Connection Times (ms)
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  @Test(arguments: [
    ("awk '/^Complete requests/ {print $3}'", "29"),
    ("grep 'Failed requests' | awk '{print $3}'", "1"),
    ("awk '/^Non-2xx responses/ {print $3}'", "1"),
    ("awk '/^Keep-Alive requests/ {print $3}'", "29"),
    ("awk '/^Concurrency Level/ {print $3}'", "1"),
    ("awk '/^HTML transferred/ {print $3}'", "143"),
    ("awk -F: '/^Server Software/ {gsub(/ /, \"\", $2); print $2}'", "fault"),
    ("grep -c '^Time per request'", "2"),
    ("grep -A9 '^Percentage of the requests' | grep -c '%'", "9"),
    ("awk '/^Requests per second/ {print ($4 > 0)}'", "1"),
    ("awk '/^Time taken for tests/ {print ($5 >= 0)}'", "1"),
    ("awk '/^Transfer rate/ {print ($3 > 0)}'", "1"),
    ("awk '/^  50%/ {print ($2 > 0)}'", "1"),
    ("awk '/^ 100%/ {print $3, $4}'", "(longest request)"),
    ("awk '/^Total:/ {print (NF == 6 && $2 <= $5 && $5 <= $6)}'", "1"),
  ])
  func isReadByOrdinaryOneLiners(_ command: String, _ printed: String) throws {
    #expect(try BenchProcess.shell(command, input: report()) == printed + "\n")
  }

  @Test func leavesOutWhatDAndSTurnOff() throws {
    let text = try report("-dS")
    #expect(!text.contains("Percentage"))
    #expect(!text.contains("median"))
    #expect(!text.contains("Waiting:"))
    #expect(text.contains("        min         avg         max\n"))
  }

  @Test func showsWhatVAsksFor() throws {
    #expect(try report("-v2").contains("---\nGET / HTTP/1.1\r\nHost: "))
    #expect(try report("-v3").components(of: "LOG: Response code = 200\n") == 28)
    #expect(try report("-v4").components(of: "LOG: header received:\nHTTP/1.1 200 OK\r\n") == 28)
  }

  @Test func writesTheFilesOfEAndG() throws {
    let percentiles = try TemporaryFile()
    let requests = try TemporaryFile()
    _ = try report("-e", percentiles.path, "-g", requests.path)
    let rows = try lines(of: percentiles.path)
    #expect(rows.count == 102)
    #expect(rows.first == "Percentage served,Time in ms")
    let table = try lines(of: requests.path)
    #expect(table.count == 30)
    #expect(table.first == "starttime\tseconds\tctime\tdtime\tttime\twait")
    let starts = table.dropFirst().map { $0.split(separator: "\t")[1] }
    #expect(starts == starts.sorted())
    // Scripts for gnuplot count words: the date is five of them, `using 9` is the total time.
    #expect(table.dropFirst().allSatisfy { $0.split { $0 == " " || $0 == "\t" }.count == 10 })
  }

  /// A script that plots `using 9` must not show 51 s for 51 ms.
  @Test func theColumnsOfGAreMilliseconds() throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    let requests = try TemporaryFile()
    let run = try Measured("-n5", "-g", requests.path, server.url)
    let table = try lines(of: requests.path).dropFirst().map { $0.split(separator: "\t") }
    let rows = run.record.requests.sorted { $0[0] < $1[0] }
    for (cells, row) in zip(table, rows) {
      let times = [row[1], row[3] - row[1], row[3], row[2]].map { milliseconds(UInt64($0)) }
      #expect(cells.suffix(4).map(String.init) == times)
    }
    #expect(table.count == 5)
  }

  @Test func whatAServerSendsMovesNoCursor() throws {
    let server = try FaultServer.start { _ in
      [.send("HTTP/1.1 200 OK\r\nServer: \u{1B}[31mred\u{9B}2J\r\nContent-Length: 0\r\n\r\n")]
    }
    defer { server.stop() }
    let file = try TemporaryFile()
    let text = try BenchProcess.run("-v4", "--json", file.path, server.url).text
    #expect(text.contains("\nServer Software:        \\x1b[31mred\\x9b2J\n"))
    #expect(text.contains("Server: \\x1b[31mred\\x9b2J\r\nContent-Length: 0\r\n"))
    for text in [text, String(decoding: try readFile(file.path), as: UTF8.self)] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
    }
  }

  private func lines(of path: String) throws -> [String] {
    String(decoding: try readFile(path), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension String {
  /// The number of times that `text` occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
