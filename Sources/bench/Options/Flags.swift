import Common

/// ab's flags, in the order in which `-h` lists them, and what each one does.
var flags: [CommandLineOption<BenchOptions>] { loadFlags + requestFlags + outputFlags }

private var loadFlags: [CommandLineOption<BenchOptions>] {
  [
    .init("-n", "REQUESTS", "requests to make (default 1; with -t as many as fit)") {
      (options, text) throws(UsageError) in
      options.requests = try positive(text)
    },
    .init("-c", "CLIENTS", "requests at a time (default 1)") { (options, text) throws(UsageError) in
      options.concurrency = try positive(text)
    },
    .init("-t", "SECONDS", "end the run after this time (also 500ms, 2m)") {
      (options, text) throws(UsageError) in
      options.timeLimit = try duration(text)
    },
    .init("-s", "SECONDS", "longest time for one request (default 30; also 200ms)") {
      (options, text) throws(UsageError) in
      options.timeout = try duration(text)
    },
    .init("-k", nil, "keep connections alive") { (options, _) in options.keepAlive = true },
    .init("-r", nil, "go on after a socket error") { (options, _) in
      options.goesOnAfterErrors = true
    },
    .init("-l", nil, "accept bodies of different lengths") { (options, _) in
      options.variableLength = true
    },
  ]
}

private var requestFlags: [CommandLineOption<BenchOptions>] {
  [
    .init("-i", nil, "HEAD instead of GET") { (options, _) in options.asksForHeadOnly = true },
    .init("-m", "METHOD", "method name") { (options, text) throws(UsageError) in
      options.customMethod = Method(description: try token(text))
    },
    .init("-p", "FILE", "POST this file") { (options, text) in
      (options.bodyMethod, options.bodyFile) = (.post, text)
    },
    .init("-u", "FILE", "PUT this file") { (options, text) in
      (options.bodyMethod, options.bodyFile) = (.put, text)
    },
    .init("-T", "TYPE", "content type of the file (default text/plain)") {
      (options, text) throws(UsageError) in
      options.contentType = try singleLine(text)
    },
    .init("-H", "'NAME: VALUE'", "add a header line, or replace Host, User-Agent, Accept") {
      (options, text) throws(UsageError) in
      options.headers.append(try headerLine(text))
    },
    .init("-C", "NAME=VALUE", "add a cookie") { (options, text) throws(UsageError) in
      options.headers.append("Cookie: " + (try singleLine(text)))
    },
    .init("-A", "USER:PASSWORD", "basic authentication") { (options, text) throws(UsageError) in
      options.headers.append("Authorization: Basic " + base64(Array(text.utf8)))
    },
    .init("--http1.0", nil, "HTTP/1.0, as ab does") { (options, _) in options.speaksHTTP10 = true },
  ]
}

private var outputFlags: [CommandLineOption<BenchOptions>] {
  [
    .init("-v", "LEVEL", "2 prints the request, 3 every status, 4 every head") {
      (options, text) throws(UsageError) in
      options.verbosity = try positive(text)
    },
    .init("-q", nil, "no progress line") { (options, _) in options.showsProgress = false },
    .init("-d", nil, "no table of percentiles") { (options, _) in options.showsPercentiles = false
    },
    .init("-S", nil, "no median, no deviation, no warnings about them") { (options, _) in
      options.showsDeviation = false
    },
    .init("-e", "FILE", "write the percentiles as CSV") { (options, text) in
      options.percentilesFile = text
    },
    .init("-g", "FILE", "write a line per request, tab-separated, in order of time") {
      (options, text) in
      options.requestsFile = text
    },
    .init("--json", "FILE", "write everything, with machine and command line") { (options, text) in
      options.jsonFile = text
    },
    .init("-V", nil, "print the version") { (_, _) in },
    .init("-h", nil, "print this help") { (_, _) in },
  ]
}
