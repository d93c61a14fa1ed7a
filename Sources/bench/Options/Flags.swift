import Common

extension Flag {
  static var all: [Flag] { sections.flatMap(\.flags) }

  /// In the order in which `-h` lists them.
  private static var sections: [(title: String, flags: [Flag])] {
    [
      ("load:", load), ("requests (http):", request), ("messages (ws):", webSocket),
      ("reports:", output),
    ]
  }

  private static var load: [Flag] {
    [
      Flag(
        "-n", "COUNT", "requests, messages or broadcasts (default 1; with -t as many as fit)",
        \.requests,
        positive),
      Flag(
        "-c", "CLIENTS", "connections, and requests at a time (default 1)", \.concurrency, positive),
      Flag(
        "-t", "SECONDS", "end after this time (also 500ms, 2m; for ws without -n: 10)", \.timeLimit,
        duration),
      Flag(
        "-s", "SECONDS", "longest time for one answer (default 30; also 200ms)", \.timeout,
        duration),
      Flag(
        "--rate", "RATE", "requests or messages per second, due whatever becomes of others", \.rate,
        rate
      ),
      Flag("-k", "keep connections alive", \.keepAlive, true),
      Flag("-r", "go on after a socket error", \.goesOnAfterErrors, true),
      Flag("-l", "accept bodies of different lengths", \.variableLength, true),
    ]
  }

  private static var request: [Flag] {
    [
      Flag("-i", "HEAD instead of GET", \.asksForHeadOnly, true),
      Flag("-m", "METHOD", "method name", \.customMethod, method),
      Flag("-p", "FILE", "POST this file") { (options, text) in
        (options.bodyMethod, options.bodyFile) = (.post, text)
      },
      Flag("-u", "FILE", "PUT this file") { (options, text) in
        (options.bodyMethod, options.bodyFile) = (.put, text)
      },
      Flag(
        "-T", "TYPE", "content type of the file (default text/plain)", \.contentType, singleLine),
      header("-H", "'NAME: VALUE'", "add a header line, or replace one of bench's", headerLine),
      header("-C", "NAME=VALUE", "add a cookie", cookie),
      header("-A", "USER:PASSWORD", "basic authentication", basicAuthorization),
      Flag("--http1.0", "HTTP/1.0, as ab does", \.speaksHTTP10, true),
    ]
  }

  private static var output: [Flag] {
    [
      Flag(
        "-v", "LEVEL", "2 prints the request, 3 every status, 4 every head", \.verbosity, positive),
      Flag("-q", "no progress line", \.showsProgress, false),
      Flag("--live", "show rate, percentiles and a histogram meanwhile", \.isLive, true),
      Flag("-d", "no table of percentiles", \.showsPercentiles, false),
      Flag("-S", "no median, no deviation, no warnings about them", \.showsDeviation, false),
      Flag("-e", "FILE", "write the percentiles as CSV", \.percentilesFile) { $0 },
      Flag(
        "-g", "FILE", "write a line per request, tab-separated, in order of time", \.requestsFile
      ) { $0 },
      Flag("--csv", "FILE", "the same with commas, in microseconds", \.csvFile) { $0 },
      Flag("--hdr", "FILE", "write the percentiles for HdrHistogram's plotter", \.histogramFile) {
        $0
      },
      Flag("--fail-if", "COND", "exit with 99 if so, such as 'p99>5ms' (may be repeated)") {
        (options, text) throws(UsageError) in
        options.thresholds.append(try Threshold(text))
      },
      Flag("--json", "FILE", "write everything, with machine and command line", \.jsonFile) { $0 },
      Flag("-V", "print the version", \.asksForVersion, true),
      Flag("-h", "print this help", \.asksForHelp, true),
    ]
  }

  /// For a load of WebSockets only.
  static var webSocket: [Flag] {
    [
      Flag("--echo", "everybody sends and gets it back (default)", \.kind, .echo),
      Flag("--broadcast", "one sends, everybody gets it (/ws of the servers)", \.kind, .broadcast),
      Flag("--size", "BYTES", "of a message (default 64)", \.messageSize, messageSize),
      Flag(
        "--in-flight", "COUNT", "messages of a client at a time (default 1)", \.inFlight, inFlight),
      Flag("--ramp", "RATE", "connections per second, such as 500/s", \.ramp, rate),
    ]
  }

  /// What has no meaning for WebSockets.
  static let forHTTPOnly: Set<String> = [
    "-k", "-r", "-l", "-i", "-m", "-p", "-u", "-T", "--http1.0", "-v", "-g", "--csv", "--live",
  ]

  /// A flag that adds a header line.
  private static func header(
    _ name: String, _ placeholder: String, _ help: String,
    _ line: @escaping (String) throws(UsageError) -> String
  ) -> Flag {
    Flag(name, placeholder, help) { (options, text) throws(UsageError) in
      options.headers.append(try line(text))
    }
  }

  /// What `-h` prints about them: a line each, aligned.
  static var help: String {
    let width = (all.map(\.usage.count).max() ?? 0) + 2
    return sections.map { title, flags in
      flags.reduce(title) { "\($0)\n  \($1.usage.rightPadded(width))\($1.help)" }
    }.joined(separator: "\n\n")
  }

  private var usage: String { placeholder.map { "\(name) \($0)" } ?? name }
}
