// expect: A says nothing, and the server waits for it
// file: Options.swift
/// The word after an option, such as "5s" in "--timeout 5s".
func option(_ name: String) -> String? {
  let words = CommandLine.arguments
  return words.firstIndex(of: name).flatMap { words.dropFirst($0 + 1).first }
}

extension Duration {
  /// Reads "250ms" and "5s".
  init?(_ text: String) {
    if text.hasSuffix("s") {
      self = .seconds(Int(text.prefix { $0.isNumber }) ?? 0)
    } else {
      return nil
    }
  }
}
