/// A parser that reads arguments one by one. It understands both styles: long options (`--port N`,
/// `--port=N`), and short ones, which may be joined with each other and with a value (`-k -n 30`,
/// `-kn30`). Options and operands may come in any order; after `--` everything is an operand.
struct CommandLineParser<Options> {
  private let known: [CommandLineOption<Options>]
  private let takesOperands: Bool
  private var rest: IndexingIterator<[String]>
  private var parsed = ParsedCommandLine()

  init(
    _ known: [CommandLineOption<Options>], _ arguments: some Sequence<String>, takesOperands: Bool
  ) {
    self.known = known
    self.takesOperands = takesOperands
    rest = Array(arguments).makeIterator()
  }

  mutating func parse(into options: inout Options) throws(UsageError) -> ParsedCommandLine {
    while let argument = rest.next() {
      if argument == "--" && takesOperands {
        while let operand = rest.next() { parsed.operands.append(operand) }
      } else if argument.hasPrefix("--") {
        try readLong(argument, into: &options)
      } else if argument.hasPrefix("-") && argument != "-" {
        try readLetters(argument.dropFirst(), into: &options)
      } else if takesOperands {
        parsed.operands.append(argument)
      } else {
        throw UsageError("unknown option '\(argument)'")
      }
    }
    return parsed
  }

  private mutating func readLong(_ text: String, into options: inout Options) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let option = known.first(where: { $0.isCalled(parts[0]) }) else {
      throw UsageError("unknown option '\(text)'")
    }
    if option.placeholder == nil && parts.count == 2 {
      throw UsageError("\(option.name) takes no value")
    }
    let joined = parts.count == 2 ? String(parts[1]) : nil
    try apply(option, to: &options) { joined ?? $0.next() }
  }

  private mutating func readLetters(
    _ letters: Substring, into options: inout Options
  ) throws(UsageError) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let option = known.first(where: { $0.isCalled("-\(letter)") }) else {
        throw UsageError("unknown option '-\(letter)'")
      }
      // The value is the rest of this argument or, if nothing is left of it, the next argument.
      let joined = letters.isEmpty ? nil : String(letters)
      try apply(option, to: &options) { joined ?? $0.next() }
      if option.placeholder != nil { return }
    }
  }

  private mutating func apply(
    _ option: CommandLineOption<Options>, to options: inout Options,
    value: (inout IndexingIterator<[String]>) -> String?
  ) throws(UsageError) {
    parsed.names.insert(option.name)
    guard option.placeholder != nil else { return try option.apply(&options, "") }
    guard let text = value(&rest) else { throw UsageError("\(option.name) needs a value") }
    do {
      try option.apply(&options, text)
    } catch {
      throw UsageError("\(option.name) \(text): \(error)")
    }
  }
}

/// The operands of a command line, and the names of its options.
public struct ParsedCommandLine: Sendable {
  /// The arguments that belong to no option: files, URLs.
  public internal(set) var operands: [String] = []
  /// The options that were given, by their names in `--help`.
  public internal(set) var names: Set<String> = []
}

extension Array {
  /// Parses `arguments` into `options`. If an option occurs twice, its last value counts.
  /// - Returns: the operands, and the names of the options that were given.
  /// - Throws: the first mistake, in one line.
  public func parseWithOperands<Options>(
    _ arguments: some Sequence<String>, into options: inout Options
  ) throws(UsageError) -> ParsedCommandLine where Element == CommandLineOption<Options> {
    var parser = CommandLineParser(self, arguments, takesOperands: true)
    return try parser.parse(into: &options)
  }

  /// Parses `arguments` into `options`, for a program that takes no operands.
  /// - Throws: the first mistake, in one line; an operand is a mistake, too.
  public func parse<Options>(
    _ arguments: some Sequence<String>, into options: inout Options
  ) throws(UsageError) where Element == CommandLineOption<Options> {
    var parser = CommandLineParser(self, arguments, takesOperands: false)
    _ = try parser.parse(into: &options)
  }

  /// Returns a line for each option, aligned; options that are refused are left out.
  /// - Parameter width: the columns before the text; `nil` for as many as this list needs.
  public func help<Options>(width: Int? = nil) -> String
  where Element == CommandLineOption<Options> {
    let width = width ?? helpWidth()
    return compactMap { option in
      option.help.map { help in
        let padding = String(repeating: " ", count: Swift.max(0, width - option.usage.count))
        return "  " + option.usage + padding + help
      }
    }.joined(separator: "\n")
  }

  /// Returns the columns that the longest option needs, with a gap, so that several lists can share
  /// one width.
  public func helpWidth<Options>() -> Int where Element == CommandLineOption<Options> {
    (filter { $0.help != nil }.map(\.usage.count).max() ?? 0) + 2
  }
}
