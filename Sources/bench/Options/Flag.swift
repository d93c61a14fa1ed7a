import Common

/// One flag of the command line: how it is written, what `-h` says about it, and what it changes.
struct Flag {
  /// `-n` or `--json`.
  let name: String
  /// What stands for the value in `-h`; `nil` for a switch.
  let placeholder: String?
  let help: String
  private let change: (inout BenchOptions, String) throws(UsageError) -> Void

  /// - Parameter change: stores the value, or throws what would have been right.
  init(
    _ name: String, _ placeholder: String?, _ help: String,
    change: @escaping (inout BenchOptions, String) throws(UsageError) -> Void
  ) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
    self.change = change
  }

  /// A flag whose value goes to one place.
  init<Value>(
    _ name: String, _ placeholder: String, _ help: String,
    _ path: WritableKeyPath<BenchOptions, Value>,
    _ read: @escaping (String) throws(UsageError) -> Value
  ) {
    self.init(name, placeholder, help) { (options, text) throws(UsageError) in
      options[keyPath: path] = try read(text)
    }
  }

  /// A switch: it has no value and sets one.
  init<Value: Sendable>(
    _ name: String, _ help: String, _ path: WritableKeyPath<BenchOptions, Value>, _ on: Value
  ) {
    self.init(name, nil, help) { (options, _) in options[keyPath: path] = on }
  }

  /// Throws a ``UsageError`` that names the flag and what it was given.
  func apply(_ text: String?, to options: inout BenchOptions) throws(UsageError) {
    guard placeholder != nil else { return try change(&options, "") }
    guard let text else { throw UsageError("\(name) needs a value") }
    do {
      try change(&options, text)
    } catch {
      throw UsageError("\(name) \(text): \(error)")
    }
  }
}
