import CommandLineOptions
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite struct CommandLineTests {
  private static func parse(_ arguments: String...) throws(UsageError) -> ServerOptions {
    var options = ServerOptions()
    try ServerOptions.commandLine.parse(arguments, into: &options)
    return options
  }

  @Test("Every option of a server is read, with a space or an equals sign")
  func everyOption() throws {
    let values = [
      ("--host", "::1"), ("--port", "0"), ("--delay", "250ms"), ("--header-timeout", "1s"),
      ("--body-timeout", "2s"), ("--idle-timeout", "3s"), ("--heartbeat", "4s"),
      ("--send-timeout", "5s"), ("--grace", "6s"), ("--max-message", "16MiB"),
      ("--max-connections", "7"), ("--origins", "http://a,http://b"), ("--send-buffer", "8KiB"),
      ("--trace", "a.json"),
    ]
    // All options except the switch.
    #expect(ServerOptions.commandLine.count == values.count + 1)
    #expect(try Self.parse("--log").log && !Self.parse().log)
    for arguments in [values.flatMap { [$0, $1] }, values.map { "\($0)=\($1)" }] {
      var options = ServerOptions()
      try ServerOptions.commandLine.parse(arguments, into: &options)
      #expect(options.host == "::1")
      #expect(options.port == 0)
      #expect(options.delay == .milliseconds(250))
      let times = [
        options.headerTimeout, options.bodyTimeout, options.idleTimeout, options.heartbeat,
        options.sendTimeout, options.grace,
      ]
      #expect(times == (1...6).map { .seconds($0) })
      #expect(options.maxMessage == 16 * 1024 * 1024)
      #expect(options.maxConnections == 7)
      #expect(options.sendBuffer == 8 * 1024)
      #expect(options.origins == ["http://a", "http://b"])
      #expect(options.trace == "a.json")
    }
  }

  @Test("The help names the actual defaults")
  func defaults() {
    let options = ServerOptions()
    let help = ServerOptions.commandLine.help()
    #expect(help.contains("  --host HOST            address to listen on (\(options.host))\n"))
    #expect(
      help.contains("  --port N               TCP port, 0 for any free one (\(options.port))\n"))
    let times = [
      ("--header-timeout", options.headerTimeout), ("--body-timeout", options.bodyTimeout),
      ("--idle-timeout", options.idleTimeout), ("--heartbeat", options.heartbeat),
      ("--send-timeout", options.sendTimeout), ("--grace", options.grace),
    ]
    for (flag, time) in times {
      let line = help.split(separator: "\n").first { $0.contains(flag) }
      #expect(line?.hasSuffix("(\(time.components.seconds)s)") == true, "\(flag)")
    }
    #expect(options.maxMessage == 1024 * 1024 && help.contains("(1MiB)\n"))
    #expect(options.delay == .zero && help.contains("(0ms)\n"))
  }

  @Test("The last value of an option counts, and a value may contain an equals sign")
  func details() throws {
    #expect(try Self.parse("--port", "1", "--port=2").port == 2)
    #expect(try Self.parse("--host=a=b").host == "a=b")
    #expect(try Self.parse().port == ServerOptions().port)
  }

  @Test(
    "A mistake is reported in one line that says what was expected",
    arguments: [
      (["--nonsense"], "unknown option '--nonsense'"), (["port"], "unknown option 'port'"),
      ([""], "unknown option ''"), (["--"], "unknown option '--'"), (["-x"], "unknown option '-x'"),
      (["--log=x"], "--log takes no value"),
      (["--por", "1"], "unknown option '--por'"),
      (["--port"], "--port needs a value"),
      (["--port="], "--port : expected a number from 0 to 65535"),
      (["--port", "65536"], "--port 65536: expected a number from 0 to 65535"),
      (["--port=-1"], "--port -1: expected a number from 0 to 65535"),
      (["--delay", "5"], "--delay 5: expected a time such as 250ms, 5s or 1m"),
      (["--max-message", "0"], "--max-message 0: expected a size such as 4096, 64KiB or 16MiB"),
      (["--host", ""], "--host : expected a text"),
    ])
  func mistakes(_ arguments: [String], _ message: String) {
    var options = ServerOptions()
    let error = #expect(throws: UsageError.self) {
      try ServerOptions.commandLine.parse(arguments, into: &options)
    }
    #expect(error?.description == message)
  }

  private struct Chapter {
    var server = ServerOptions()
    var workers = 4
  }

  @Test("A chapter's own options are listed after those of every server")
  func within() throws {
    let options =
      ServerOptions.commandLine.map { $0.within(\Chapter.server) } + [
        CommandLineOption(
          "--workers", "N", "threads (4)", \.workers, OptionValue.number(in: 1...64))
      ]
    var chapter = Chapter()
    try options.parse(["--workers", "8", "--port=1"], into: &chapter)
    #expect(chapter.workers == 8)
    #expect(chapter.server.port == 1)
    #expect(throws: UsageError.self) { try options.parse(["--workers=65"], into: &chapter) }
    #expect(options.help().hasSuffix("\n  --workers N            threads (4)"))
  }
}

@Suite struct OptionValueTests {
  @Test(
    "Sizes are bytes or binary units, up to 1 GiB",
    arguments: [
      ("1", 1), ("4096", 4096), ("64KiB", 65_536), ("16MiB", 16_777_216), ("1GiB", 1 << 30),
      ("1024MiB", 1 << 30), ("1073741824", 1 << 30), ("1073741825", nil), ("1025MiB", nil),
      ("2GiB", nil), ("0", nil), ("0KiB", nil), ("", nil), ("KiB", nil), ("5KB", nil),
      ("5kib", nil), ("5 KiB", nil), ("-5", nil), ("1.5MiB", nil), ("99999999999999999999", nil),
    ] as [(String, Int?)])
  func size(_ text: String, _ expected: Int?) {
    #expect((try? OptionValue.size(text)) == expected)
  }

  @Test("A number must be within its bounds, both included")
  func number() {
    let read = OptionValue.number(in: 2...4)
    #expect(["1", "2", "4", "5", "x"].map { try? read($0) } == [nil, 2, 4, nil, nil])
    let error = #expect(throws: UsageError.self) { try read("5") }
    #expect(error?.description == "expected a number from 2 to 4")
  }

  @Test("A choice is one of the names, and the error lists all of them")
  func choice() {
    #expect((try? OptionValue.choice("level") as Trigger) == .level)
    let error = #expect(throws: UsageError.self) { try OptionValue.choice("Level") as Trigger }
    #expect(error?.description == "expected one of edge, level")
  }
}
