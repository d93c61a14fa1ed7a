import Foundation

/// Colors for a terminal, none if the output goes elsewhere or `NO_COLOR` is set (no-color.org),
/// and the width of lines.
struct Style {
  /// Longer lines are hard to read.
  private static let widest = 90
  /// In a narrower terminal, the terminal breaks the lines.
  private static let narrowest = 24

  let hasColors: Bool
  let width: Int

  static let plain = Style(hasColors: false)
  static var standardOutput: Style {
    Style(
      ProcessInfo.processInfo.environment, isTerminal: isatty(STDOUT_FILENO) == 1,
      columns: columns(STDOUT_FILENO))
  }

  init(hasColors: Bool, width: Int = widest) {
    (self.hasColors, self.width) = (hasColors, width)
  }

  /// - Parameter columns: the terminal's width; `nil` if there is no terminal, or if the width is
  ///   unknown.
  init(_ environment: [String: String], isTerminal: Bool, columns: Int? = nil) {
    let isWanted = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    self.init(
      hasColors: isWanted && isTerminal,
      width: max(Self.narrowest, min(columns ?? Self.widest, Self.widest)))
  }

  private static func columns(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  func good(_ text: String) -> String { paint(text, "32") }
  func bad(_ text: String) -> String { paint(text, "31") }
  func strong(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }

  private func paint(_ text: String, _ code: String) -> String {
    hasColors ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
