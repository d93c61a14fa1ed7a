import Foundation
import Testing

/// A page shows what a terminal shows: the commands are run against a separate server.
@Suite struct TranscriptTests {
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl"), "no curl"))
  func `every transcript prints what the page shows`() throws {
    let transcripts = try Page.all.flatMap { try Transcript.all(in: $0) }
    #expect(!transcripts.isEmpty)
    for transcript in transcripts {
      let output = try transcript.run()
      #expect(transcript.allows(output), "\(transcript.page): printed \(output)")
    }
  }
}

/// A block of `$ command` lines, each with its output, run while the server runs. `...` stands for
/// anything within a line.
struct Transcript {
  let page: Page
  let server: [String]
  let lines: [String]

  static func all(in page: Page) throws -> [Transcript] {
    let marks = /<!-- transcript: (.+) -->\n```console\n((?:.*\n)*?)```\n/
    return try page.text().matches(of: marks).map { match in
      Transcript(
        page: page, server: match.1.split(separator: " ").map(String.init),
        lines: match.2.split(separator: "\n").map(String.init))
    }
  }

  /// One shell runs all commands, so that a descriptor that one opens is there for the next.
  func run() throws -> [String] {
    let server = try Program(server[0], Array(server.dropFirst()) + ["--port", "0"])
    defer { server.stop() }
    let ready = try #require(server.readLine())
    let port = try #require(ready.split(separator: ":").last)
    let script = lines.filter { $0.hasPrefix("$ ") }.map { line in
      let command = line.dropFirst(2).replacing("7878", with: port)
        .replacing("swift run -c release bench", with: Program.folder + "bench")
      return "printf '\\n%s\\n' '\(line.replacing("'", with: "'\\''"))'\n\(command)\n"
    }
    let shell = try Program("/bin/bash", ["-c", "exec 2>&1\n" + script.joined()])
    defer { shell.stop() }
    return shell.readToEnd().split(separator: "\n").map(String.init)
  }

  func allows(_ output: [String]) -> Bool {
    output.count == lines.count
      && zip(lines, output).allSatisfy { shown, printed in
        let parts = shown.split(separator: "...", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return shown == printed }
        return printed.hasPrefix(parts[0]) && printed.hasSuffix(parts[1])
      }
  }
}
