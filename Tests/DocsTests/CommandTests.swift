import Foundation
import Testing

/// Every command that a page tells the reader to type works: it is run here, or a line of
/// ``Command/allowed`` says why not.
@Suite struct CommandTests {
  @Test(arguments: Page.all)
  func `a command can be typed as it is printed`(page: Page) throws {
    for command in try Command.all(in: page) {
      let problem = try command.problem()
      #expect(problem == nil, "\(page.path): \(command.text): \(problem ?? "")")
    }
  }
}

/// One line of a `sh` block.
struct Command {
  let text: String
  private var words: [String] {
    text.split(separator: " ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\"")) }
  }

  static func all(in page: Page) throws -> [Command] {
    let blocks = try page.text().matches(of: /(?m)^(?:> )?```sh\n((?:.*\n)*?)(?:> )?```$/)
    return blocks.flatMap { block in
      block.output.1.replacing(/(?m)^> ?/, with: "").replacing("\\\n", with: " ")
        .split(separator: "\n").map { $0.replacing(/\s*#.*$/, with: "") }
        .filter { !$0.isEmpty }.map { Command(text: String($0)) }
    }
  }

  /// What is not run here, and why.
  static let allowed: [(prefix: String, reason: String)] = [
    ("swift build", "builds everything, as CI does"),
    ("swift test", "this is what runs"),
    ("swift --version", "the toolchain's own"),
    ("swift package", "the toolchain's own"),
    ("git ", "needs another repository"),
    ("cd ", "the folder's name is the reader's"),
    ("docker ", "needs a container engine"),
    ("docs/", "a script that CI runs, or one that takes long"),
    ("Tests/", "takes longer than a test may"),
    ("Peers/", "takes longer than a test may"),
    (".ci/run", "runs the tests"),
    ("curl ", "needs the server of the block before; transcripts run the like"),
    ("time curl ", "the same"),
    ("nc ", "interactive"),
    ("ps ", "looks at a server that runs in the other terminal"),
    ("kill ", "ends what the reader started"),
    ("grep ", "looks at a server that runs in the other terminal"),
    ("ab ", "ApacheBench, for comparison"),
    ("wrk ", "wrk, for comparison"),
    ("taskset ", "runs what follows it"),
    ("strace ", "needs root in some containers"),
    ("ulimit ", "the shell's own"),
    ("prlimit ", "limits what runs in the other terminal"),
    ("exec ", "the shell's own; transcripts run the like"),
    ("for ", "the shell's own"),
    ("cat /proc/", "looks at a server that runs in the other terminal"),
    ("redis-", "Debian's; the tests of the backplane run it"),
    ("apt-get ", "installs"),
    ("sudo ", "installs"),
    ("xdg-open ", "opens a browser"),
    ("python3 -c", "a client in one line, for the reader's eyes"),
  ]

  /// What is wrong with the command, if anything.
  func problem() throws -> String? {
    if Self.allowed.contains(where: { text.hasPrefix($0.prefix) }) { return nil }
    guard words.starts(with: ["swift", "run"]) else { return "unknown; run it or allow it" }
    let rest = Array(words.dropFirst(words.dropFirst(2).first == "-c" ? 4 : 2))
    switch rest.first {
    case "bench": return try benchProblem(Array(rest.dropFirst()))
    case "course": return try courseProblem(Array(rest.dropFirst()))
    case let name? where name.wholeMatch(of: /0\d-\w+/) != nil:
      return try serverProblem(name, Array(rest.dropFirst()))
    default: return "no such program"
    }
  }

  /// Checks that it starts, with its options.
  private func serverProblem(_ name: String, _ options: [String]) throws -> String? {
    // With a backplane it first waits for the Redis of another terminal; the backplane's tests run it.
    if options.contains("--help") || options.contains("--backplane") { return nil }
    let ours = options.filter { $0 != "&" }
    let server = try Program(name, ours + ["--port", "0", "--host", "127.0.0.1"])
    defer { server.stop() }
    let line = server.readLine() ?? "nothing"
    return line.contains("listening on") ? nil : "it printed \(line)"
  }

  /// Checks that its options make sense: at a port without a server, anything but a usage error.
  private func benchProblem(_ options: [String]) throws -> String? {
    if ["tour", "compare", "plot", "io-gap", "hop"].contains(options.first) { return nil }
    let words = options.map { $0.replacing("127.0.0.1:7878", with: "127.0.0.1:1") }
    let bench = try Program("bench", words)
    _ = bench.readToEnd()
    return bench.waitForStatus() == 2 ? "usage error" : nil
  }

  /// Checks that the command exists, and so does the step or exercise that it names.
  private func courseProblem(_ words: [String]) throws -> String? {
    let help = try Program("course", ["--help"]).readToEnd()
    guard let command = words.first else { return nil }
    if !help.contains("course \(command)") && !help.contains("  \(command)") {
      return "no command \(command)"
    }
    guard words.count > 1, let name = words[1].wholeMatch(of: /\d([a-z]|\.\d)/) else { return nil }
    let folder = words[1].contains(".") ? "Workshop" : "Steps"
    let there = try FileManager.default.contentsOfDirectory(
      atPath: Page.root.appending(path: folder).path)
    return there.contains { $0.hasPrefix("\(name.output.0)-") } ? nil : "no \(words[1])"
  }
}
