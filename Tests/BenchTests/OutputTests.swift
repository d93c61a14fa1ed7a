import Foundation
import Testing

@testable import BenchSupport
@testable import bench

/// A report is written completely, or one line says that it is not, and the exit status is not 0.
@Suite(.timeLimit(.minutes(5)))
struct OutputTests {
  private func withServer(_ body: (FaultServer) throws -> Void) throws {
    let server = try FaultServer.start { _ in [.send(Answers.hello)] }
    defer { server.stop() }
    try body(server)
  }

  private let full = "cannot write /dev/full: No space left on device; what it holds is incomplete"

  @Test(arguments: ["--json", "--csv", "-g", "-e", "--hdr"])
  func aFileOnAFullDiskIsAnError(_ flag: String) throws {
    try withServer { server in
      let output = try BenchProcess.run("-n3", flag, "/dev/full", server.url)
      #expect(output.errors == "bench: \(full)\n")
      #expect(output.status == 1)
      // The report of the run is still printed.
      #expect(output.text.contains("\nComplete requests:      3\n"))
    }
  }

  @Test func severalFilesAreOneLineAndTheOthersAreWritten() throws {
    try withServer { server in
      let csv = try TemporaryFile()
      let output = try BenchProcess.run(
        "-n3", "-g", "/dev/full", "--csv", csv.path, "--json", "/dev/full", server.url)
      #expect(output.errors == "bench: \(full); \(full)\n")
      #expect(output.status == 1)
      let table = String(decoding: try readFile(csv.path), as: UTF8.self)
      #expect(table.split(separator: "\n").count == 4)
    }
  }

  @Test func theReportsOfWebSocketsAndPicturesAreFilesLikeOthers() throws {
    let echo = try FaultWebSocket.start { _ in .answer }
    defer { echo.stop() }
    let messages = try BenchProcess.run("-n3", "--json", "/dev/full", echo.url)
    #expect(messages.errors == "bench: \(full)\n" && messages.status == 1)
    let run = try TemporaryFile(contents: PlotTests.smallRun)
    let picture = try BenchProcess.run("plot", run.path, "-o", "/dev/full")
    #expect(picture.errors == "bench: \(full)\n" && picture.status == 1)
    let tour =
      "\(#filePath.replacing("Tests/BenchTests/OutputTests.swift", with: "docs"))/measurements/tour.json"
    let pictures = try BenchProcess.run("plot", tour, "-o", "/dev/full")
    #expect(pictures.errors == "bench: \(full)\n" && pictures.status == 1)
  }

  @Test func theFilesOfATourAreFilesLikeOthers() throws {
    try withServer { server in
      let folder = try TemporaryFolder()
      try folder.addScript("03-Epoll", TourTests.pretend(port: server.port, stop: "exit 0"))
      let tour = ["tour", "--quick", "--servers", "3", "--scale", "0.01", "--bin", folder.path]
      for files in [
        ["--html", "/dev/full"], ["--html", "\(folder.path)/t", "--json", "/dev/full"],
      ] {
        let output = try BenchProcess.run(tour + files)
        #expect(output.errors.hasSuffix("\nbench: \(full)\n"))
        #expect(output.status == 1)
      }
    }
  }

  @Test(arguments: ["-n3 URL", "plot RUN", "compare RUN", "-h", "-V", "tour -h"])
  func standardOutputOnAFullDiskIsAnError(_ arguments: String) throws {
    try withServer { server in
      let run = try TemporaryFile()
      _ = try BenchProcess.run("-n3", "--json", run.path, server.url)
      let words = arguments.replacing("URL", with: server.url).replacing("RUN", with: run.path)
      let output = try BenchProcess.run(shell: "\(BenchProcess.executable) \(words) >/dev/full")
      #expect(
        output.errors == "bench: cannot write standard output: No space left on device\n")
      #expect(output.status == 1)
      // If the report cannot be printed, nothing is measured.
      #expect(server.requests.count == 3)
    }
  }

  @Test func closedStandardOutputIsAnErrorToo() throws {
    try withServer { server in
      let output = try BenchProcess.run(shell: "\(BenchProcess.executable) -n3 \(server.url) >&-")
      #expect(output.errors == "bench: cannot write standard output: Bad file descriptor\n")
      #expect(output.status == 1)
    }
  }

  /// The first file that is opened gets the lowest free number.
  @Test(arguments: ["2>&-", "<&- 2>&-"])
  func messagesDoNotEndUpInAReport(_ closed: String) throws {
    let server = try FaultServer.start { number in
      number == 3 ? [.reset] : [.send(Answers.hello)]
    }
    defer { server.stop() }
    let file = try TemporaryFile()
    let output = try BenchProcess.run(
      shell: "\(BenchProcess.executable) -n5 --json \(file.path) \(server.url) \(closed)")
    #expect(output.status == 1)
    #expect(output.text.contains("\nComplete requests:      2\n"))
    let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
    #expect(try JSONDecoder().decode(RunRecord.self, from: data).accounting.ok == 2)
  }

  /// `SIGXFSZ` would end the process without a word (setrlimit(2)).
  @Test func aLimitOfFileSizeIsAnError() throws {
    try withServer { server in
      let file = try TemporaryFile()
      let output = try BenchProcess.run(
        shell: "ulimit -f 0; \(BenchProcess.executable) -n3 --json \(file.path) \(server.url)")
      #expect(output.errors.hasSuffix(": File too large; what it holds is incomplete\n"))
      #expect(output.status == 1)
    }
  }

  /// `SIGPIPE` would end it too; the reader of a report may be a program that ends early.
  @Test func aReaderThatHasGoneIsAnError() throws {
    try withServer { server in
      let script = "{ \(BenchProcess.executable) -n3 \(server.url); echo $? >&2; } | :"
      let errors = try BenchProcess.run(shell: script).errors
      // `:` may end before or after the report is written.
      let lost = "bench: cannot write standard output: Broken pipe\n1\n"
      #expect(errors == lost || errors == "0\n")
    }
  }
}
