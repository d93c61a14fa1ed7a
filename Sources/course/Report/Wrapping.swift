/// Prose in lines of at most this many characters. A longer word gets its own line.
func wrapped(_ text: String, width: Int = Style.standardOutput.width) -> [String] {
  var lines = [""]
  for word in text.split(whereSeparator: \.isWhitespace) {
    let line = lines[lines.count - 1]
    if line.isEmpty {
      lines[lines.count - 1] = String(word)
    } else if line.count + 1 + word.count > width {
      lines.append(String(word))
    } else {
      lines[lines.count - 1] += " " + word
    }
  }
  return lines
}

/// Markdown for a terminal: paragraphs and list items in short lines, code as it is.
func reflowed(_ text: String, width: Int = Style.standardOutput.width) -> String {
  var paragraphs: [String] = []
  var (isInParagraph, isInCode) = (false, false)
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    let isFence = line.hasPrefix("```")
    let isText = !isInCode && !isFence && !line.isEmpty && !line.hasPrefix("    ")
    if isFence {
      isInCode.toggle()
    } else if isInParagraph && isText && !line.hasPrefix("- ") {
      paragraphs[paragraphs.count - 1] += " " + line
    } else {
      paragraphs.append(isInCode ? "    " + line : String(line))
    }
    isInParagraph = isText
  }
  return paragraphs.map { paragraph in
    if paragraph.hasPrefix("    ") { return paragraph }
    if paragraph.hasPrefix("- ") {
      return wrapped(paragraph, width: width - 2).joined(separator: "\n  ")
    }
    return wrapped(paragraph, width: width).joined(separator: "\n")
  }.joined(separator: "\n")
}

/// Text from another program, with its control characters as Swift writes them: an escape sequence
/// could move the cursor or clear the screen.
func visible(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if scalar != "\n" && scalar != "\t" && scalar.properties.generalCategory == .control {
      result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
