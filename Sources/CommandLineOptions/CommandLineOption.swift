/// An option of a program: `--port N`, `-n COUNT`, or a switch such as `-k`.
///
/// A program lists its options in an array and calls ``Swift/Array/parse(_:into:)`` on it. The text
/// of `--help` is made from the same list.
public struct CommandLineOption<Options> {
  /// The name that `--help` shows.
  public let name: String
  /// Other spellings of the same option.
  private(set) var aliases: [String] = []
  /// The name of the value in `--help`; `nil` for a switch.
  let placeholder: String?
  /// The text in `--help`; `nil` for an option that exists only to be refused.
  let help: String?
  let apply: (inout Options, String) throws(UsageError) -> Void

  private init(
    name: String, placeholder: String?, help: String?,
    apply: @escaping (inout Options, String) throws(UsageError) -> Void
  ) {
    (self.name, self.placeholder, self.help, self.apply) = (name, placeholder, help, apply)
  }

  /// Creates an option whose value changes more than one property.
  /// - Parameter change: stores the value, or throws a ``UsageError`` that says what is expected.
  public init(
    _ name: String, _ placeholder: String, _ help: String,
    change: @escaping (inout Options, String) throws(UsageError) -> Void
  ) {
    self.init(name: name, placeholder: placeholder, help: help, apply: change)
  }

  /// Creates an option whose value is stored in one property.
  /// - Parameters:
  ///   - path: the property.
  ///   - read: converts the text, or throws a ``UsageError`` that says what is expected.
  public init<Value>(
    _ name: String, _ placeholder: String, _ help: String,
    _ path: WritableKeyPath<Options, Value>,
    _ read: @escaping (String) throws(UsageError) -> Value
  ) {
    self.init(name, placeholder, help) { (options, text) throws(UsageError) in
      options[keyPath: path] = try read(text)
    }
  }

  /// Creates a switch, which has no value on the command line and sets a property to `value`.
  public init<Value: Sendable>(
    _ name: String, _ help: String, _ path: WritableKeyPath<Options, Value>, _ value: Value
  ) {
    self.init(name: name, placeholder: nil, help: help) { (options, _) in
      options[keyPath: path] = value
    }
  }

  /// Returns an option that a similar program has and this one does not. `--help` does not list it,
  /// and the error says what to do instead.
  public static func unsupported(_ name: String, _ reason: String) -> CommandLineOption {
    CommandLineOption(name: name, placeholder: nil, help: nil) { (_, _) throws(UsageError) in
      throw UsageError("\(name) is not supported: \(reason)")
    }
  }

  /// Returns an option that makes the program print something and exit. It serves only to list the
  /// option in `--help`: the program looks for it before it parses the others.
  public static func information(_ name: String, _ help: String) -> CommandLineOption {
    CommandLineOption(name: name, placeholder: nil, help: help) { (_, _) in }
  }

  /// Returns the same option with one more spelling, as in `-V` and `--version`.
  public func alsoCalled(_ alias: String) -> CommandLineOption {
    var option = self
    option.aliases.append(alias)
    return option
  }

  /// Returns the same option for a type that holds `Options` in one of its properties.
  public func within<Whole>(
    _ path: WritableKeyPath<Whole, Options>
  ) -> CommandLineOption<Whole> {
    var option = CommandLineOption<Whole>(name: name, placeholder: placeholder, help: help) {
      (whole, text) throws(UsageError) in
      try apply(&whole[keyPath: path], text)
    }
    option.aliases = aliases
    return option
  }

  func isCalled(_ name: some StringProtocol) -> Bool {
    self.name == name || aliases.contains { $0 == name }
  }

  /// The left column of the option's line in `--help`.
  var usage: String { placeholder.map { "\(name) \($0)" } ?? name }
}
