/// The compiler's messages, each from its first line to the one before the next message.
struct Diagnostics {
  struct Message {
    var lines: [Substring]
    var isError: Bool { lines[0].contains(": error: ") || lines[0].hasPrefix("error: ") }
    var isWarning: Bool { lines[0].contains(": warning: ") || lines[0].hasPrefix("warning: ") }
  }

  /// More than this is not read anyway, and the first error often causes the others.
  private static let shownLines = 24

  let output: String
  private(set) var messages: [Message] = []

  /// - Parameter output: the compiler's output, in the style `llvm`.
  init(_ output: String) {
    self.output = output
    for line in output.split(separator: "\n") {
      if line.contains(#/^(/.+:\d+:\d+: |<unknown>:0: )?(error|warning|note|remark): /#) {
        messages.append(Message(lines: [line]))
      } else if !messages.isEmpty {
        messages[messages.count - 1].lines.append(line)
      }
    }
  }

  var warnings: [Message] { messages.filter(\.isWarning) }

  /// The errors in one file, or in all files.
  func errors(in path: String? = nil) -> [Message] {
    messages.filter { $0.isError && (path == nil || $0.lines[0].hasPrefix(path! + ":")) }
  }

  /// Messages for the terminal, with paths relative to the root.
  static func text(_ messages: [Message], _ workshop: Workshop) -> String {
    let lines = messages.flatMap(\.lines)
    let rest = lines.count - shownLines
    return lines.prefix(shownLines).joined(separator: "\n")
      .replacing(workshop.root.path + "/", with: "")
      + (rest > 0 ? "\n(and \(rest) lines more)" : "")
  }
}
