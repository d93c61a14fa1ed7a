import WireProtocols

/// How the values of options are read. Each throws a ``UsageError`` that says what would have been right.
public enum OptionValue {
  public static func text(_ text: String) throws(UsageError) -> String {
    guard !text.isEmpty else { throw UsageError("expected a text") }
    return text
  }

  /// Texts with commas between them.
  public static func list(_ text: String) throws(UsageError) -> [String] {
    try self.text(text).split(separator: ",").map(String.init)
  }

  /// A whole number within bounds.
  public static func number(
    in bounds: ClosedRange<Int>
  ) -> (String) throws(UsageError) -> Int {
    { (text) throws(UsageError) in
      guard let number = parseDecimal(Array(text.utf8).span), bounds.contains(number) else {
        throw UsageError(
          "expected a number from \(bounds.lowerBound) to \(bounds.upperBound)")
      }
      return number
    }
  }

  public static func port(_ text: String) throws(UsageError) -> UInt16 {
    UInt16(try number(in: 0...65535)(text))
  }

  public static func duration(_ text: String) throws(UsageError) -> Duration {
    guard let duration = parseDuration(Array(text.utf8).span) else {
      throw UsageError("expected a time such as 250ms, 5s or 1m")
    }
    return duration
  }

  /// A size in bytes, from 1 to 1 GiB: `4096`, `64KiB`, `16MiB`.
  public static func size(_ text: String) throws(UsageError) -> Int {
    let units = [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024)]
    let unit = units.first { text.hasSuffix($0.0) } ?? ("", 1)
    let digits = Array(text.utf8.dropLast(unit.0.utf8.count))
    guard let number = parseDecimal(digits.span), 1...(1 << 30) / unit.1 ~= number else {
      throw UsageError("expected a size such as 4096, 64KiB or 16MiB")
    }
    return number * unit.1
  }

  /// One of a type's names.
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
