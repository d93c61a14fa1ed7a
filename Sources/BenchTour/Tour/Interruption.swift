import Glibc

/// Ctrl-C and similar signals, delayed so that nothing is left behind: the tour checks whether one
/// has arrived, ends its children, and then itself. Children start with ordinary signals.
package struct Interruption: Error, CustomStringConvertible {
  static let signals = [SIGINT, SIGTERM, SIGHUP]

  package let signal: Int32

  package var description: String { "interrupted" }

  /// Blocks the signals from here on (pthread_sigmask(3)).
  static func holdBack() {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Throws if one is pending (sigpending(2)).
  static func check() throws(Interruption) {
    var set = sigset_t()
    sigpending(&set)
    for signal in signals where sigismember(&set, signal) == 1 {
      throw Interruption(signal: signal)
    }
  }
}
