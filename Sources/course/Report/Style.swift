import Foundation

/// Colours for a terminal, and nothing where the output goes elsewhere or `NO_COLOR` is set
/// (no-color.org).
struct Style {
  let hasColours: Bool

  static let plain = Style(hasColours: false)
  static var standardOutput: Style {
    Style(ProcessInfo.processInfo.environment, isTerminal: isatty(STDOUT_FILENO) == 1)
  }

  init(hasColours: Bool) { self.hasColours = hasColours }

  init(_ environment: [String: String], isTerminal: Bool) {
    let isWanted = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    hasColours = isWanted && isTerminal
  }

  func good(_ text: String) -> String { paint(text, "32") }
  func bad(_ text: String) -> String { paint(text, "31") }
  func strong(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }

  private func paint(_ text: String, _ code: String) -> String {
    hasColours ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Prose in lines of at most 90 characters.
func wrapped(_ text: String) -> [String] {
  var lines = [""]
  for word in text.split(whereSeparator: \.isWhitespace) {
    if lines[lines.count - 1].count + word.count > 90 { lines.append("") }
    lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
  }
  return lines
}

/// Markdown for a terminal: paragraphs and list items in short lines, code as it is.
func reflowed(_ text: String) -> String {
  var paragraphs: [String] = []
  var isInParagraph = false
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    let isText = !line.isEmpty && !line.hasPrefix("    ")
    if isInParagraph && isText && !line.hasPrefix("- ") {
      paragraphs[paragraphs.count - 1] += " " + line
    } else {
      paragraphs.append(String(line))
    }
    isInParagraph = isText
  }
  return paragraphs.map { paragraph in
    if paragraph.hasPrefix("    ") { return paragraph }
    return wrapped(paragraph).joined(separator: paragraph.hasPrefix("- ") ? "\n  " : "\n")
  }.joined(separator: "\n")
}
