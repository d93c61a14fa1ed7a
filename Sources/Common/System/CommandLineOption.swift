import Glibc

/// One option of a program, with its value: `--port N`.
public struct CommandLineOption<Options> {
  let flag: String
  /// What stands for the value in `--help`; `nil` for a switch, which has none.
  let value: String?
  let help: String
  let apply: (inout Options, String) throws(UsageError) -> Void

  /// - Parameters:
  ///   - value: what stands for the value in `--help`.
  ///   - path: where the value goes.
  ///   - read: makes a value of the text, or throws a ``UsageError`` that says what would have been right.
  public init<Value>(
    _ flag: String, _ value: String, _ help: String,
    _ path: WritableKeyPath<Options, Value>,
    _ read: @escaping (String) throws(UsageError) -> Value
  ) {
    self.init(flag: flag, value: value, help: help) { (options, text) throws(UsageError) in
      options[keyPath: path] = try read(text)
    }
  }

  /// A switch: it has no value of its own and sets a property to `value`.
  public init<Value: Sendable>(
    _ flag: String, _ help: String, _ path: WritableKeyPath<Options, Value>, _ value: Value
  ) {
    self.init(flag: flag, value: nil, help: help) { (options, _) in
      options[keyPath: path] = value
    }
  }

  private init(
    flag: String, value: String?, help: String,
    apply: @escaping (inout Options, String) throws(UsageError) -> Void
  ) {
    self.flag = flag
    self.value = value
    self.help = help
    self.apply = apply
  }

  /// The same option for a type that holds `Options` in one of its properties.
  public func within<Whole>(
    _ path: WritableKeyPath<Whole, Options>
  ) -> CommandLineOption<Whole> {
    CommandLineOption<Whole>(flag: flag, value: value, help: help) {
      (whole, text) throws(UsageError) in
      try apply(&whole[keyPath: path], text)
    }
  }
}

/// A command line that makes no sense: one line that says why.
public struct UsageError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

extension Array {
  /// Reads `arguments` into `options`; `--flag value` and `--flag=value` are the same.
  public func parse<Options>(
    _ arguments: some Sequence<String>, into options: inout Options
  ) throws(UsageError) where Element == CommandLineOption<Options> {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let option = first(where: { $0.flag == parts[0] }) else {
        throw UsageError("unknown option '\(argument)'")
      }
      if option.value == nil && parts.count == 2 {
        throw UsageError("\(option.flag) takes no value")
      }
      guard let text = parts.count == 2 ? String(parts[1]) : option.value == nil ? "" : rest.next()
      else { throw UsageError("\(option.flag) needs a value") }
      do {
        try option.apply(&options, text)
      } catch {
        throw UsageError("\(option.flag) \(text): \(error)")
      }
    }
  }

  /// A line per option, aligned.
  public func help<Options>() -> String where Element == CommandLineOption<Options> {
    let names = map { option in option.value.map { "\(option.flag) \($0)" } ?? option.flag }
    let width = (names.map(\.count).max() ?? 0) + 2
    return zip(names, self).map { name, option in
      "  " + name + String(repeating: " ", count: width - name.count) + option.help
    }.joined(separator: "\n")
  }

  /// What a program's `main` does first: `--help` prints the options and exits with 0, a mistake
  /// prints one line on standard error and exits with 64 (sysexits.h `EX_USAGE`).
  public func parseOrExit<Options>(
    program: String, summary: String, into options: inout Options
  ) where Element == CommandLineOption<Options> {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") || arguments.contains("-h") {
      print("\(summary)\n\nusage: \(program) [options]\n\n\(help())")
      exit(0)
    }
    do {
      try parse(arguments, into: &options)
    } catch {
      exitWithError("\(program): \(error) (try --help)", status: 64)
    }
  }
}

/// A line on standard output, there at once even where it is a pipe or a file.
public func announce(_ line: String) {
  print(line)
  fflush(nil)
}

/// A line on standard error (write(2)).
public func printError(_ line: String) {
  var line = line + "\n"
  line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// A line on standard error, then the end.
public func exitWithError(_ line: String, status: Int32) -> Never {
  printError(line)
  exit(status)
}
