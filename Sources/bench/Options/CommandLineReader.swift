import Common

/// Reads ab's command line: short flags may be joined (`-kn30`), the URL may stand anywhere.
func readCommandLine(_ arguments: [String]) throws(UsageError) -> Invocation {
  let (flagArguments, urls) = try separateFlags(arguments)
  if flagArguments.contains("-h") { return .help }
  if flagArguments.contains("-V") { return .version }
  var options = BenchOptions()
  try flags.parse(flagArguments, into: &options)
  guard urls.count < 2 else { throw UsageError("more than one URL: '\(urls[0])', '\(urls[1])'") }
  guard let url = urls.first else { throw UsageError("no URL") }
  options.target = try Target(url: url)
  try checkTogether(options)
  return .run(options)
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

/// Takes joined short flags apart, `-kn30` into `-k`, `-n`, `30`, and the URL out of them.
func separateFlags(
  _ arguments: [String]
) throws(UsageError) -> (flags: [String], urls: [String]) {
  var separated: [String] = []
  var urls: [String] = []
  var rest = arguments.makeIterator()
  while let argument = rest.next() {
    if argument == "--help" {
      separated.append("-h")
    } else if argument.hasPrefix("--") {
      separated.append(argument)
      if argument == "--json", let file = rest.next() { separated.append(file) }
    } else if argument.hasPrefix("-") && argument != "-" {
      try separate(argument.dropFirst(), into: &separated) { rest.next() }
    } else {
      urls.append(argument)
    }
  }
  return (separated, urls)
}

private func separate(
  _ letters: Substring, into separated: inout [String], next: () -> String?
) throws(UsageError) {
  var letters = letters
  while let letter = letters.popFirst() {
    if let reason = refusal(of: letter) {
      throw UsageError("-\(letter) is not supported: \(reason)")
    }
    separated.append("-\(letter)")
    guard flagsWithValue.contains(letter) else { continue }
    // The value is the rest of this argument (-n30), or the next one (-n 30).
    if let value = letters.isEmpty ? next() : String(letters) { separated.append(value) }
    return
  }
}

private let flagsWithValue = "nctsmpuTHCAveg"

/// Why one of ab's flags is not here.
private func refusal(of letter: Character) -> String? {
  switch letter {
  case "w", "x", "y", "z": "HTML tables are ab's; --json writes everything"
  case "X", "P": "it talks to the server itself, not through a proxy"
  case "f", "Z", "E": "it speaks http, not https"
  default: nil
  }
}
