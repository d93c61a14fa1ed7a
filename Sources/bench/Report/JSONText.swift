import BenchSupport

/// Writes JSON (RFC 8259) member by member, indented, in the order of the calls.
struct JSONText {
  private(set) var text = "{"
  private var depth = 1
  private var isEmpty = true

  mutating func member(_ name: String, _ value: String) {
    add(name, Self.quoted(value))
  }

  mutating func member(_ name: String, _ value: Int) { add(name, "\(value)") }

  mutating func member(_ name: String, _ value: UInt64) { add(name, "\(value)") }

  mutating func member(_ name: String, _ value: Bool) { add(name, "\(value)") }

  mutating func member(_ name: String, _ value: Double, decimals: Int) {
    add(name, fixed(value, decimals))
  }

  mutating func member(_ name: String, _ values: [String]) {
    add(name, "[" + values.map(Self.quoted).joined(separator: ", ") + "]")
  }

  mutating func object(_ name: String, _ members: (inout JSONText) -> Void) {
    add(name, "{")
    isEmpty = true
    depth += 1
    members(&self)
    depth -= 1
    text += lineStart + "}"
    isEmpty = false
  }

  private mutating func add(_ name: String, _ value: String) {
    text += (isEmpty ? "" : ",") + lineStart + "\(Self.quoted(name)): \(value)"
    isEmpty = false
  }

  private var lineStart: String { "\n" + String(repeating: "  ", count: depth) }

  /// Section 7: quotation mark, reverse solidus and control characters are escaped; DEL and C1 as
  /// well, for terminals.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        quoted += "\\u" + String(scalar.value, radix: 16).leftPadded(4, "0")
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
