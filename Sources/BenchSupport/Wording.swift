// Numbers and words as reports, pictures and pages write them.

/// Returns a time with three significant figures: `31.2 µs`, `501 ms`, `15.0 s`.
package func shortTime(_ nanoseconds: Double) -> String {
  let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")]
  // 999.6 ms would be rounded to 1,000 ms.
  let (size, unit) = units.first { nanoseconds >= $0.0 * 0.9995 } ?? (1, "ns")
  return figures(nanoseconds / size) + " " + unit
}

/// Returns a time on an axis, without superfluous decimals: `500 ms`, `10 s`.
package func tickTime(_ nanoseconds: Double) -> String {
  guard nanoseconds > 0 else { return "0" }
  let parts = shortTime(nanoseconds).split(separator: " ")
  var number = parts[0]
  if number.contains(".") {
    while number.last == "0" { number.removeLast() }
    if number.last == "." { number.removeLast() }
  }
  return "\(number) \(parts[1])"
}

/// Returns three significant figures: `5.23`, `31.2`, `501`, `167,199`.
package func figures(_ value: Double) -> String {
  if value < 9.995 { return fixed(value, 2) }
  if value < 99.95 { return fixed(value, 1) }
  return grouped(Int(value.rounded()))
}

/// `12,345`
package func grouped(_ number: Int) -> String {
  let digits = Array("\(number.magnitude)")
  let text = digits.indices.map { index in
    (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digits[index])
  }.joined()
  return (number < 0 ? "-" : "") + text
}

/// `1 client`, `2 clients`
package func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
}

/// A number of bytes: `4.21 MB`.
package func megabytes(_ bytes: Double) -> String { figures(bytes / 1e6) + " MB" }

/// Returns lines of at most this many characters, broken between words, and of about the same
/// length.
package func wrapped(_ text: String, columns: Int) -> [String] {
  let lines = broken(text, columns: columns)
  let even = broken(text, columns: text.count / max(lines.count, 1) + 6)
  return even.count == lines.count ? even : lines
}

private func broken(_ text: String, columns: Int) -> [String] {
  text.split(separator: " ").reduce(into: [String]()) { lines, word in
    if let line = lines.last, line.count + 1 + word.count <= columns {
      lines[lines.count - 1] = line + " " + word
    } else {
      lines.append(String(word))
    }
  }
}
