import Testing

@testable import BenchSupport
@testable import CommandLineOptions
@testable import bench

struct CommandLineTests {
  static let mistakes: [([String], String)] = [
    ([], "no URL"),
    (["-n"], "-n needs a value"),
    (["-n", "x", "http://h/"], "-n x: expected a whole number above 0"),
    (["-n0", "http://h/"], "-n 0: expected a whole number above 0"),
    (["-n", "-5", "http://h/"], "-n -5: expected a whole number above 0"),
    (
      ["-c", "99999999999999999999", "http://h/"],
      "-c 99999999999999999999: expected a whole number above 0"
    ),
    (["-n", "3", "-c", "4", "http://h/"], "-c 4: more clients than requests (-n 3)"),
    (
      ["-t", "0", "http://h/"],
      "-t 0: expected a time above 0 and at most a year, such as 30, 200ms or 2m"
    ),
    (
      ["-s", "soon", "http://h/"],
      "-s soon: expected a time above 0 and at most a year, such as 30, 200ms or 2m"
    ),
    (["-m", "GET /", "http://h/"], "-m GET /: expected a method such as GET"),
    (["-m", "CONNECT", "h:80"], "-m CONNECT: bench talks to servers, not through proxies"),
    (["-H", "a\"b: c", "http://h/"], "-H a\"b: c: expected 'Name: value'"),
    (
      ["-H", "Sec-WebSocket-Extensions: permessage-deflate", "ws://h/"],
      "-H Sec-WebSocket-Extensions: bench speaks no extension"
    ),
    (["-H", "no colon", "http://h/"], "-H no colon: expected 'Name: value'"),
    (["-C", "a=b\r\nX: y", "http://h/"], "-C a=b\r\nX: y: must not contain control characters"),
    (
      ["-i", "-p", "file", "http://h/"], "-i does not go with -p or -u: a HEAD request has no body"
    ),
    (
      ["-p", "/nowhere/file", "http://h/"],
      "cannot read /nowhere/file: open: No such file or directory"
    ),
    (
      ["--json", "/nowhere/file", "http://h/"],
      "cannot write /nowhere/file: No such file or directory"
    ),
    (["-j", "http://h/"], "unknown option '-j'"),
    (["--wide", "http://h/"], "unknown option '--wide'"),
    (["-w", "http://h/"], "-w is not supported: HTML tables are ab's; --json writes everything"),
    (
      ["-X", "p:1", "http://h/"],
      "-X is not supported: it talks to the server itself, not through a proxy"
    ),
    (["-I", "http://h/"], "-I is not supported: it speaks http, not https"),
    (
      ["-b", "4096", "http://h/"],
      "-b is not supported: the kernel sizes socket buffers (sysctl net.ipv4.tcp_rmem, tcp_wmem)"
    ),
    (
      ["-B", "127.0.0.2", "http://h/"],
      "-B is not supported: the kernel chooses the local address (ip route), and another one if ports run out"
    ),
    (["-kZ", "x", "http://h/"], "-Z is not supported: it speaks http, not https"),
    (["http://a/", "http://b/"], "more than one URL: 'http://a/', 'http://b/'"),
    (["--size", "8", "ws://h/"], "--size 8: expected 24 bytes to 16MiB"),
    (["--in-flight", "0", "ws://h/"], "--in-flight 0: expected a number from 1 to 1024"),
    (
      ["--ramp", "1e9/s", "ws://h/"],
      "--ramp 1e9/s: expected 0.001 to 10000000 per second, such as 500 or 500/s"
    ),
    (["-k", "ws://h/"], "-k does not go with ws"),
    (["ws", "--csv", "f", "h"], "--csv does not go with ws"),
    (["--echo", "http://h/"], "--echo goes with ws only"),
    (["--echo", "--broadcast", "ws://h/"], "--echo or --broadcast, not both"),
    (["https://h/"], "invalid URL 'https://h/': only http:// and ws:// are supported"),
    (["http:///path"], "invalid URL 'http:///path': no host"),
    (["http://h:0/"], "invalid URL 'http://h:0/': the port must be 1 to 65535"),
    (["http://h:65536/"], "invalid URL 'http://h:65536/': the port must be 1 to 65535"),
    (["http://h:+80/"], "invalid URL 'http://h:+80/': the port must be 1 to 65535"),
    (
      ["http://::1:81/"],
      "invalid URL 'http://::1:81/': an IPv6 address needs brackets, as in http://[::1]:80/"
    ),
    (["hop", "-n3"], "hop: takes no arguments, got '-n3'"),
    (["io-gap", "x"], "io-gap: takes no arguments, got 'x'"),
    (["http://[::1/"], "invalid URL 'http://[::1/': no ']' after the address"),
    (["http://[::1]x/"], "invalid URL 'http://[::1]x/': the port must be 1 to 65535"),
    (["http://u:p@h/"], "invalid URL 'http://u:p@h/': give user and password with -A"),
    (
      ["http://h/a b"],
      "invalid URL 'http://h/a b': spaces and non-ASCII bytes must be percent-encoded"
    ),
  ]

  @Test(arguments: mistakes)
  func aMistakeIsOneLineAndStatus2(_ arguments: [String], _ message: String) throws {
    let output = try BenchProcess.run(arguments)
    #expect(output.errors == "bench: \(message) (try -h)\n")
    #expect(output.text == "")
    #expect(output.status == 2)
  }

  @Test func helpListsEveryFlag() throws {
    let output = try BenchProcess.run("-h")
    #expect(output.status == 0)
    for flag in "nctskpTmuHCAilrqvdSegVh" {
      #expect(output.text.contains("\n  -\(flag) "))
    }
    for option in BenchOptions.commandLine where option.help != nil {
      #expect(output.text.contains("\n  \(option.name) "))
    }
    #expect(try BenchProcess.run("--help").text == output.text)
    #expect(try BenchProcess.run("-V").text == "\(versionLine(of: "bench"))\n")
    #expect(try BenchProcess.run("--version").text == BenchProcess.run("-V").text)
  }

  @Test func shortFlagsMayBeJoined() throws {
    let options = try BenchOptions(["-kqn30", "-c", "10", "host:81/x", "-t2m"])
    #expect(options.keepAlive && !options.showsProgress)
    #expect(options.requests == 30)
    #expect(options.concurrency == 10)
    #expect(options.timeLimit == .seconds(120))
    #expect(options.target == Target(host: "host", port: 81, path: "/x", authority: "host:81"))
  }

  @Test(arguments: [
    ("http://h", Target(host: "h", port: 80, path: "/", authority: "h")),
    ("HTTP://h:80/", Target(host: "h", port: 80, path: "/", authority: "h")),
    ("http://h?q=1#f", Target(host: "h", port: 80, path: "/?q=1", authority: "h")),
    (
      "http://h:8080/a?u=http://x/",
      Target(host: "h", port: 8080, path: "/a?u=http://x/", authority: "h:8080")
    ),
    ("http://[::1]:81/", Target(host: "::1", port: 81, path: "/", authority: "[::1]:81")),
    (
      "http://[fe80::1%25lo]:81/",
      Target(host: "fe80::1%lo", port: 81, path: "/", authority: "[fe80::1]:81")
    ),
    ("[fe80::1%lo]", Target(host: "fe80::1%lo", port: 80, path: "/", authority: "[fe80::1]")),
    ("[::1]/x", Target(host: "::1", port: 80, path: "/x", authority: "[::1]")),
  ])
  func takesAURLApart(_ url: String, _ target: Target) throws {
    #expect(try Target(url: url) == target)
  }

  @Test func knowsAWebSocketByItsCommandOrItsURL() throws {
    #expect(try BenchOptions(["ws://h/echo"]).kind == .echo)
    #expect(try BenchOptions(["ws", "h/echo"]).kind == .echo)
    #expect(try BenchOptions(["ws", "--broadcast", "http://h/ws"]).kind == .broadcast)
    #expect(try BenchOptions(["http://h/"]).kind == .http)
    // A server with that name needs a scheme before it.
    #expect(try BenchOptions(["http://ws/"]).target.host == "ws")
    let options = try BenchOptions(["ws", "--ramp", "500/s", "--rate", "0.5", "h", "-n1", "-c9"])
    #expect(options.ramp == 500 && options.rate == 0.5 && options.concurrency == 9)
  }

  @Test func whatFollowsTwoDashesIsNoOption() throws {
    #expect(try BenchOptions(["-k", "--", "h/-c"]).target.path == "/-c")
    #expect(throws: UsageError.self) { try BenchOptions(["--", "-k", "h"]) }
  }

  @Test func sizesMayHaveUnits() throws {
    #expect(try BenchOptions(["--size", "16MiB", "ws://h/"]).messageSize == 16 << 20)
  }

  @Test func withoutNumberOrTimeThereIsOneRequest() throws {
    #expect(BenchOptions().requestLimit == 1)
    var options = BenchOptions()
    options.timeLimit = .seconds(1)
    #expect(options.requestLimit == .max)
  }
}
