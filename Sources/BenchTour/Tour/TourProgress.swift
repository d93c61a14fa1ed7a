import BenchSupport
import Common
import Glibc

/// Shows what the tour is doing: on a terminal one line that changes, anywhere else a line for each
/// step.
final class TourProgress {
  private let isTerminal = Terminal.isThere
  /// See no-color.org.
  private let isColored: Bool
  private let begin = Instant.now
  private var steps = 0
  private var done = 0

  init() { isColored = getenv("NO_COLOR").map { $0[0] == 0 } ?? true }

  /// - Parameter steps: how many times ``step(_:)`` will be called.
  func expect(_ steps: Int) { self.steps = steps }

  /// Begins the next of the expected steps.
  func step(_ text: String) {
    done += 1
    let share = "[\(done)/\(steps)]"
    say("\(isTerminal && isColored ? "\u{1B}[1;34m\(share)\u{1B}[0m" : share) \(text)")
  }

  func say(_ text: String) {
    guard isTerminal else { return printError(text) }
    let seconds = Int((Instant.now - begin).components.seconds)
    let clock = "\(seconds / 60):\("\(seconds % 60)".leftPadded(2, "0"))"
    // Overwrites the current line (console_codes(4)).
    Terminal.write("\r\u{1B}[K\(text) · \(clock)")
  }

  func clear() { if isTerminal { Terminal.write("\r\u{1B}[K") } }
}
