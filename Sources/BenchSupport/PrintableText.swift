extension String {
  /// The text with every control character escaped, as in `\x1b`. Text from a server must not move
  /// the cursor, change the colors, or reorder the text of a terminal.
  package var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        text += "\\x" + String(scalar.value, radix: 16).leftPadded(2, "0")
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
