import Testing

/// A row of a table: bytes to send, and what they lead to. It is shown by its name, because the
/// bytes may be a megabyte.
struct Sample: CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  /// The status of the response, or the code of the close frame.
  let outcome: Int

  init(_ name: String, _ bytes: [UInt8], _ outcome: Int) {
    testDescription = name
    self.bytes = bytes
    self.outcome = outcome
  }

  init(_ name: String, _ text: String, _ outcome: Int) {
    self.init(name, Array(text.utf8), outcome)
  }

  /// Makes a sample whose name is its text. Each character is one byte, up to U+00FF.
  init(_ text: String, _ outcome: Int) {
    self.init(
      text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined(),
      text.unicodeScalars.map { UInt8($0.value) }, outcome)
  }
}

/// Repeats `bytes`.
func * (bytes: [UInt8], count: Int) -> [UInt8] {
  Array(repeatElement(bytes, count: count).joined())
}

/// Repeats `text`.
func * (text: String, count: Int) -> String { String(repeating: text, count: count) }
