/// Readers for the values of options. Each throws a ``UsageError`` that says what is expected.
public enum OptionValue {
  /// Reads any text except an empty one.
  /// - Throws: ``UsageError`` if it is empty.
  public static func text(_ text: String) throws(UsageError) -> String {
    guard !text.isEmpty else { throw UsageError("expected a text") }
    return text
  }

  /// Reads texts separated by commas.
  /// - Throws: ``UsageError`` if there is none.
  public static func list(_ text: String) throws(UsageError) -> [String] {
    try self.text(text).split(separator: ",").map(String.init)
  }

  /// Makes a reader for whole numbers within bounds, both included.
  /// - Returns: the reader, which throws ``UsageError`` for anything else.
  public static func number(
    in bounds: ClosedRange<Int>
  ) -> (String) throws(UsageError) -> Int {
    { (text) throws(UsageError) in
      guard let number = decimal(text), bounds.contains(number) else {
        throw UsageError(
          "expected a number from \(bounds.lowerBound) to \(bounds.upperBound)")
      }
      return number
    }
  }

  /// Reads a TCP port; 0 lets the kernel choose.
  /// - Throws: ``UsageError`` if it is not a number, or beyond 65535.
  public static func port(_ text: String) throws(UsageError) -> UInt16 {
    UInt16(try number(in: 0...65535)(text))
  }

  /// Reads a time such as `250ms`, `5s`, `1m` or `20us`.
  /// - Throws: ``UsageError`` if the number or the unit is missing.
  public static func duration(_ text: String) throws(UsageError) -> Duration {
    guard let duration = time(text) else {
      throw UsageError("expected a time such as 250ms, 5s or 1m")
    }
    return duration
  }

  /// Reads a size in bytes, from 1 to 1 GiB: `4096`, `64KiB`, `16MiB`.
  /// - Throws: ``UsageError`` for anything else.
  public static func size(_ text: String) throws(UsageError) -> Int {
    let units = [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024)]
    let unit = units.first { text.hasSuffix($0.0) } ?? ("", 1)
    guard let number = decimal(text.dropLast(unit.0.count)), 1...(1 << 30) / unit.1 ~= number
    else { throw UsageError("expected a size such as 4096, 64KiB or 16MiB") }
    return number * unit.1
  }

  /// Reads one of a type's raw values.
  /// - Throws: ``UsageError``, which lists them, for any other text.
  public static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String
  ) throws(UsageError) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: text) else {
      throw UsageError(
        "expected one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }
}

// Building blocks for a program's own readers.
extension OptionValue {
  /// Returns the value of ASCII digits, without a sign or a space; `nil` for anything else, or if
  /// an `Int` cannot hold it.
  public static func decimal(_ text: some StringProtocol) -> Int? {
    text.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(text) : nil
  }

  /// Returns the duration for a number with a unit, `us`, `ms`, `s` or `m`; `nil` for anything
  /// else, and for a number beyond 31,536,000,000 (a year in milliseconds).
  public static func time(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = decimal(digits), number <= 31_536_000_000 else { return nil }
    switch text[digits.endIndex...] {
    case "us": return .microseconds(number)
    case "ms": return .milliseconds(number)
    case "s": return .seconds(number)
    case "m": return .seconds(number * 60)
    default: return nil
    }
  }
}
