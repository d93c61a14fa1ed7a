import CommandLineOptions

/// ab's options, and bench's own.
extension BenchOptions {
  static var commandLine: [CommandLineOption<BenchOptions>] {
    sections.flatMap(\.options) + unsupported
  }

  /// In the order in which `-h` lists them.
  private static var sections: [(title: String, options: [CommandLineOption<BenchOptions>])] {
    [
      ("load:", load), ("requests (http):", request), ("messages (ws):", webSocket),
      ("reports:", output),
    ]
  }

  private static var load: [CommandLineOption<BenchOptions>] {
    [
      .init(
        "-n", "COUNT", "requests, messages or broadcasts (default 1; with -t no limit)",
        \.requests, OptionValue.positive),
      .init(
        "-c", "CLIENTS", "connections, each with one request at a time (default 1)", \.concurrency,
        OptionValue.positive),
      .init(
        "-t", "SECONDS", "end after this time (also 500ms, 2m; for ws without -n: 10)",
        \.timeLimit, OptionValue.seconds),
      .init(
        "-s", "SECONDS", "longest time for one answer (default 30; also 200ms)", \.timeout,
        OptionValue.seconds),
      .init(
        "--rate", "RATE", "requests or messages per second, whatever happens to others",
        \.rate, OptionValue.rate),
      .init("-k", "keep connections alive", \.keepAlive, true),
      .init("-r", "continue after a socket error", \.goesOnAfterErrors, true),
      .init("-l", "accept bodies of different lengths", \.variableLength, true),
    ]
  }

  private static var request: [CommandLineOption<BenchOptions>] {
    [
      .init("-i", "HEAD instead of GET", \.asksForHeadOnly, true),
      .init("-m", "METHOD", "method name", \.customMethod, OptionValue.method),
      .init("-p", "FILE", "POST this file") { (options, text) in
        (options.bodyMethod, options.bodyFile) = (.post, text)
      },
      .init("-u", "FILE", "PUT this file") { (options, text) in
        (options.bodyMethod, options.bodyFile) = (.put, text)
      },
      .init(
        "-T", "TYPE", "content type of the file (default text/plain)", \.contentType,
        OptionValue.singleLine),
      .init("-H", "'NAME: VALUE'", "add a header line, or replace one of bench's") {
        (options, text) throws(UsageError) in
        options.fields.add(try OptionValue.headerLine(text))
      },
      .init("-C", "NAME=VALUE", "add a cookie") { (options, text) throws(UsageError) in
        options.fields.cookies.append(try OptionValue.singleLine(text))
      },
      .init("-A", "USER:PASSWORD", "basic authentication") { (options, text) in
        options.fields.authorization = OptionValue.basicAuthorization(text)
      },
      .init("--http1.0", "HTTP/1.0, as ab does", \.speaksHTTP10, true),
    ]
  }

  /// For a load of WebSockets only.
  static var webSocket: [CommandLineOption<BenchOptions>] {
    [
      .init("--echo", "each client sends a message and gets it back (default)", \.kind, .echo),
      .init(
        "--broadcast", "one client sends, all receive it (the servers' /ws)", \.kind, .broadcast),
      .init(
        "--size", "BYTES", "size of a message (default 64)", \.messageSize, OptionValue.messageSize),
      .init(
        "--in-flight", "COUNT", "messages in flight per client (default 1)", \.inFlight,
        OptionValue.inFlight),
      .init("--ramp", "RATE", "connections per second, such as 500/s", \.ramp, OptionValue.rate),
    ]
  }

  private static var output: [CommandLineOption<BenchOptions>] {
    [
      .init(
        "-v", "LEVEL", "2 prints the request, 3 every status, 4 every head", \.verbosity,
        OptionValue.positive),
      .init("-q", "no progress line", \.showsProgress, false),
      .init("--live", "show rate, percentiles and a histogram during the run", \.isLive, true),
      .init("-d", "no table of percentiles", \.showsPercentiles, false),
      .init("-S", "no median, no deviation, no warnings about them", \.showsDeviation, false),
      .init("-e", "FILE", "write the percentiles as CSV", \.percentilesFile) { $0 },
      .init(
        "-g", "FILE", "write a line per request for gnuplot, in milliseconds", \.requestsFile
      ) { $0 },
      .init("--csv", "FILE", "the same as CSV, in microseconds", \.csvFile) { $0 },
      .init("--hdr", "FILE", "write the percentiles for HdrHistogram's plotter", \.histogramFile) {
        $0
      },
      .init(
        "--fail-if", "COND", "exit with 99 if this is true, such as 'p99>5ms' (may be repeated)"
      ) {
        (options, text) throws(UsageError) in
        options.thresholds.append(try Threshold(text))
      },
      .init("--json", "FILE", "write all results, the machine and the command line", \.jsonFile) {
        $0
      },
      .init("-V", "print the version (also --version)", \.asksForVersion, true)
        .alsoCalled("--version"),
      .init("-h", "print this help", \.asksForHelp, true).alsoCalled("--help"),
    ]
  }

  /// Options of ab that bench does not have.
  private static var unsupported: [CommandLineOption<BenchOptions>] {
    let reasons: [(names: String, reason: String)] = [
      ("wxyz", "HTML tables are ab's; --json writes everything"),
      ("XP", "it talks to the server itself, not through a proxy"),
      ("fZEI", "it speaks http, not https"),
      ("b", "the kernel sizes socket buffers (sysctl net.ipv4.tcp_rmem, tcp_wmem)"),
      ("B", "the kernel chooses the local address (ip route), and another one if ports run out"),
    ]
    return reasons.flatMap { names, reason in
      names.map { .unsupported("-\($0)", reason) }
    }
  }

  /// Options that have no meaning for WebSockets.
  static let forHTTPOnly: Set<String> = [
    "-k", "-r", "-l", "-i", "-m", "-p", "-u", "-T", "--http1.0", "-v", "-g", "--csv", "--live",
  ]

  /// The options in the form that `-h` prints: a line each, aligned.
  static var help: String {
    let width = commandLine.helpWidth()
    return sections.map { "\($0.title)\n\($0.options.help(width: width))" }
      .joined(separator: "\n\n")
  }
}
