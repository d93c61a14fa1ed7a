import Glibc

/// What the check tells `course`, line by line, on a descriptor of its own: standard output belongs
/// to the learner's `print`.
enum Report {
  enum Tag: String {
    /// The parts there are; then for each one that is reached `begin`, and `ok` or `failed`; and
    /// `done`.
    case part, begin, ok, failed, done
    /// Lines below `failed`. Lists have a heading.
    case explanation, expected, happened, heading, item
    /// What became of a guess; `wrong` only where it was.
    case question, guess, model, measured, reason, wrong
  }

  static let descriptor: Int32 = 3

  /// A line, or several with the same tag.
  static func write(_ tag: Tag, _ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let bytes = Array("\(tag.rawValue) \(line)\n".utf8)
      _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
  }
}
