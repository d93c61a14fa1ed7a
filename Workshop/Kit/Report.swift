import Glibc

/// Tells `course` how the check is going, line by line, on a separate descriptor: standard output
/// belongs to the learner's `print`.
enum Report {
  enum Tag: String {
    /// First, one `part` for each part of the check. Then `begin` for each part that is reached,
    /// followed by `ok` or `failed`. At the end, `done`.
    case part, begin, ok, failed, done
    /// Lines below `failed`. A list has a heading.
    case explanation, expected, happened, heading, item
    /// The outcome of a guess; `wrong` only if it was wrong.
    case question, guess, model, measured, reason, wrong
  }

  static let descriptor: Int32 = 3

  /// Writes a line, or several with the same tag.
  static func write(_ tag: Tag, _ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let bytes = Array("\(tag.rawValue) \(line)\n".utf8)
      _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
  }
}
