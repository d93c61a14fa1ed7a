// Numbers as text, the same in every locale.

/// Returns `value` with this number of decimals, rounded to the nearest.
package func fixed(_ value: Double, _ decimals: Int) -> String {
  let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
  let scaled = (value * Double(scale)).rounded()
  guard scaled.magnitude < 1e18 else { return "\(value)" }
  return fixed(Int(scaled), scale: scale, decimals)
}

/// Returns nanoseconds as milliseconds with three decimals.
package func milliseconds(_ nanoseconds: UInt64) -> String {
  fixed(Int(microseconds(nanoseconds)), scale: 1000, 3)
}

/// Returns nanoseconds as whole microseconds, rounded to the nearest.
package func microseconds(_ nanoseconds: UInt64) -> UInt64 { (nanoseconds + 500) / 1000 }

private func fixed(_ scaled: Int, scale: Int, _ decimals: Int) -> String {
  let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
  let sign = scaled < 0 ? "-" : ""
  return decimals == 0
    ? "\(sign)\(whole)" : "\(sign)\(whole).\("\(rest)".leftPadded(decimals, "0"))"
}

extension String {
  /// Returns at least `width` characters, padded on the left.
  package func leftPadded(_ width: Int, _ filler: Character = " ") -> String {
    String(repeating: filler, count: max(0, width - count)) + self
  }

  /// Returns at least `width` characters, padded on the right.
  package func rightPadded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
