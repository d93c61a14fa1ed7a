import Glibc

/// The terminal that standard error is connected to, for output that changes during a run.
package enum Terminal {
  package static var isThere: Bool { isatty(STDERR_FILENO) == 1 }

  /// The number of columns and rows now: the window may be resized at any time (ioctl_tty(2),
  /// `TIOCGWINSZ`).
  package static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes text with line wrapping turned off. A line that wrapped would take two
  /// rows, and moving up one row per line would leave the rest of it on the screen
  /// (console_codes(4), `DECAWM`).
  package static func write(_ text: String) {
    var text = "\u{1B}[?7l\(text)\u{1B}[?7h"
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
