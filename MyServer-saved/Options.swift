/// The word after an option, such as "5s" in "--timeout 5s".
func option(_ name: String) -> String? {
  let words = CommandLine.arguments
  return words.firstIndex(of: name).flatMap { words.dropFirst($0 + 1).first }
}

extension Duration {
  /// Reads "250ms" and "5s".
  init?(_ text: String) {
    if text.hasSuffix("ms"), let number = Int(text.dropLast(2)) {
      self = .milliseconds(number)
    } else if text.hasSuffix("s"), let number = Int(text.dropLast()) {
      self = .seconds(number)
    } else {
      return nil
    }
  }
}
