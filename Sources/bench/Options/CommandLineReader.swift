import Common

/// Reads ab's command line: short flags may be joined (`-kn30`), the URL may stand anywhere.
/// `ws` in front, or a URL that begins with `ws://`, asks for WebSockets. Throws a ``UsageError`` of one line.
func readCommandLine(_ arguments: [String]) throws(UsageError) -> BenchOptions {
  let saysWebSocket = arguments.first == "ws"
  var reader = CommandLineReader(saysWebSocket ? Array(arguments.dropFirst()) : arguments)
  try reader.readAll()
  var options = reader.options
  if options.asksForHelp || options.asksForVersion { return options }
  let urls = reader.urls
  guard urls.count < 2 else { throw UsageError("more than one URL: '\(urls[0])', '\(urls[1])'") }
  guard let url = urls.first else { throw UsageError("no URL") }
  options.target = try Target(url: url)
  let isWebSocket = saysWebSocket || url.lowercased().hasPrefix("ws://")
  if isWebSocket && options.kind == .http { options.kind = .echo }
  try checkKind(isWebSocket: isWebSocket, reader.names)
  if !isWebSocket { try checkTogether(options) }
  return options
}

/// Not every flag goes with every kind of load.
private func checkKind(isWebSocket: Bool, _ names: Set<String>) throws(UsageError) {
  if names.isSuperset(of: ["--echo", "--broadcast"]) {
    throw UsageError("--echo or --broadcast, not both")
  }
  let others = isWebSocket ? Flag.forHTTPOnly : Set(Flag.webSocket.map(\.name))
  if let name = others.intersection(names).min() {
    throw UsageError(isWebSocket ? "\(name) does not go with ws" : "\(name) goes with ws only")
  }
}

/// Mistakes that no flag makes alone.
private func checkTogether(_ options: BenchOptions) throws(UsageError) {
  if options.concurrency > options.requestLimit {
    throw UsageError(
      "-c \(options.concurrency): more clients than requests (-n \(options.requestLimit))")
  }
  if options.asksForHeadOnly && options.bodyFile != nil {
    throw UsageError("-i does not go with -p or -u: a HEAD request has no body")
  }
}

/// Takes the arguments one by one.
private struct CommandLineReader {
  private(set) var options = BenchOptions()
  private(set) var urls: [String] = []
  /// The flags that were given.
  private(set) var names: Set<String> = []
  private var rest: IndexingIterator<[String]>
  private let flags = Flag.all

  init(_ arguments: [String]) { rest = arguments.makeIterator() }

  mutating func readAll() throws(UsageError) {
    while let argument = rest.next() {
      if argument == "--help" {
        try readLetters("h")
      } else if argument.hasPrefix("--") {
        try readLong(argument)
      } else if argument.hasPrefix("-") && argument != "-" {
        try readLetters(argument.dropFirst())
      } else {
        urls.append(argument)
      }
    }
  }

  /// `--json FILE` or `--json=FILE`.
  private mutating func readLong(_ argument: String) throws(UsageError) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let flag = flags.first(where: { $0.name == parts[0] }),
      parts.count == 1 || flag.placeholder != nil
    else { throw UsageError("unknown option '\(argument)'") }
    names.insert(flag.name)
    let joined = parts.count == 2 ? String(parts[1]) : nil
    try flag.apply(flag.placeholder == nil ? nil : joined ?? rest.next(), to: &options)
  }

  /// `-k`, `-n 30`, `-n30`, or several: `-kn30`.
  private mutating func readLetters(_ letters: Substring) throws(UsageError) {
    var letters = letters
    while let letter = letters.popFirst() {
      if let reason = refusal(of: letter) {
        throw UsageError("-\(letter) is not supported: \(reason)")
      }
      guard let flag = flags.first(where: { $0.name == "-\(letter)" }) else {
        throw UsageError("unknown option '-\(letter)'")
      }
      names.insert(flag.name)
      if flag.placeholder == nil {
        try flag.apply(nil, to: &options)
      } else {
        // The value is what is left of this argument, or else the next one.
        return try flag.apply(letters.isEmpty ? rest.next() : String(letters), to: &options)
      }
    }
  }

  /// Why one of ab's flags is not here.
  private func refusal(of letter: Character) -> String? {
    switch letter {
    case "w", "x", "y", "z": "HTML tables are ab's; --json writes everything"
    case "X", "P": "it talks to the server itself, not through a proxy"
    case "f", "Z", "E": "it speaks http, not https"
    default: nil
    }
  }
}
