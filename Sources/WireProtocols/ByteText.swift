/// Returns the value of decimal digits; `nil` for anything else (a sign, an empty text), and for
/// more than an `Int` holds.
public func parseDecimal(_ bytes: Span<UInt8>) -> Int? {
  guard !bytes.isEmpty else { return nil }
  var number = 0
  for index in bytes.indices {
    guard case 0...9 = Int(bytes[index]) - 48 else { return nil }
    let (tens, tooLarge) = number.multipliedReportingOverflow(by: 10)
    let (sum, carried) = tens.addingReportingOverflow(Int(bytes[index]) - 48)
    if tooLarge || carried { return nil }
    number = sum
  }
  return number
}

/// Returns a duration such as `250ms`, `5s`, `1m` or `20us`; `nil` for anything else, and for a
/// number beyond 31,536,000,000 (a year in milliseconds).
public func parseDuration(_ bytes: Span<UInt8>) -> Duration? {
  var digits = 0
  while digits < bytes.count, bytes[digits] >= 48, bytes[digits] <= 57 { digits += 1 }
  guard let number = parseDecimal(bytes.extracting(..<digits)), number <= 31_536_000_000 else {
    return nil
  }
  let unit = bytes.extracting(digits...)
  if unit.equals("us") { return .microseconds(number) }
  if unit.equals("ms") { return .milliseconds(number) }
  if unit.equals("s") { return .seconds(number) }
  if unit.equals("m") { return .seconds(number * 60) }
  return nil
}

extension Span<UInt8> {
  /// The bytes as text; what is not UTF-8 becomes U+FFFD.
  public var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

  /// Whether these are the bytes of `text`.
  @inline(__always)
  public func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let expected = text.utf8Start
    for index in 0..<count where self[unchecked: index] != expected[index] { return false }
    return true
  }

  /// Whether these are the bytes of `lowercase`, ignoring the case of ASCII letters.
  @inline(__always)
  public func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    guard count == lowercase.utf8CodeUnitCount else { return false }
    let expected = lowercase.utf8Start
    for index in 0..<count {
      // One bit distinguishes a lowercase letter from its uppercase form.
      let letterBit: UInt8 = 97...122 ~= expected[index] ? 0x20 : 0
      if self[unchecked: index] | letterBit != expected[index] { return false }
    }
    return true
  }

  /// Returns the range without the white space at its ends (OWS, RFC 9110 section 5.6.3).
  @inline(__always)
  public func trimming(_ range: Range<Int>) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, self[lower] == Ascii.space || self[lower] == Ascii.tab { lower += 1 }
    while upper > lower, self[upper - 1] == Ascii.space || self[upper - 1] == Ascii.tab {
      upper -= 1
    }
    return lower..<upper
  }

  /// Whether these bytes begin with those of `text`.
  @inline(__always)
  public func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && extracting(..<text.utf8CodeUnitCount).equals(text)
  }
}
