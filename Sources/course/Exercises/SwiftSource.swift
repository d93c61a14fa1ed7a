/// Swift source text, split into code, comments and strings: enough of a lexer to look for words in
/// the code alone.
///
/// It knows nested block comments, `\(…)` inside strings, multi-line strings, and raw strings with
/// any number of `#`. It does not know regex literals: `/"/` begins a string for it, which ends
/// with the line.
struct SwiftSource {
  /// The code, with a space for each comment and `""` for each string. What `\(…)` contains is
  /// code.
  private(set) var code = ""
  private var rest: Substring.UnicodeScalarView

  init(_ text: String) {
    let scalars = text.unicodeScalars
    rest = Substring(text).unicodeScalars
    code.reserveCapacity(scalars.count)
    readCode(until: nil)
  }

  private mutating func readCode(until end: Unicode.Scalar?) {
    var depth = 0
    while let scalar = rest.first {
      if scalar == end && depth == 0 { return }
      if starts("//") {
        rest = rest.drop { $0 != "\n" }
      } else if starts("/*") {
        skipBlockComment()
        code += " "
      } else if let pounds = stringStart() {
        readString(pounds)
      } else {
        if scalar == "(" { depth += 1 }
        if scalar == ")" { depth -= 1 }
        code.unicodeScalars.append(rest.removeFirst())
      }
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    while !rest.isEmpty {
      if starts("/*") {
        depth += 1
        rest = rest.dropFirst(2)
      } else if starts("*/") {
        depth -= 1
        rest = rest.dropFirst(2)
        if depth == 0 { return }
      } else {
        rest = rest.dropFirst()
      }
    }
  }

  /// The number of `#` before the quotation mark, if a string begins here.
  private func stringStart() -> Int? {
    let pounds = rest.prefix { $0 == "#" }
    return rest[pounds.endIndex...].first == "\"" ? pounds.count : nil
  }

  private mutating func readString(_ pounds: Int) {
    let mark = String(repeating: "#", count: pounds)
    rest = rest.dropFirst(pounds)
    let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
    rest = rest.dropFirst(quotes.count)
    code += "\"\""
    while let scalar = rest.first {
      if starts(quotes + mark) {
        rest = rest.dropFirst(quotes.count + pounds)
        return
      }
      if quotes.count == 1 && scalar == "\n" { return }
      readCharacter(after: "\\" + mark)
    }
  }

  /// - Parameter escape: `\`, with the same number of `#` as the string.
  private mutating func readCharacter(after escape: String) {
    guard starts(escape) else {
      rest = rest.dropFirst()
      return
    }
    rest = rest.dropFirst(escape.count)
    guard rest.first == "(" else {
      rest = rest.dropFirst()
      return
    }
    rest = rest.dropFirst()
    code += " "
    readCode(until: ")")
    code += " "
    rest = rest.dropFirst()
  }

  private func starts(_ text: String) -> Bool { rest.starts(with: text.unicodeScalars) }
}
