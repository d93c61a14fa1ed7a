import ChildProcesses
import Foundation

/// Ctrl-C, and the other signals that ask a program to end: the reader's code ends too, and no
/// temporary folder is left.
enum Interruption {
  /// From here on these signals wait for a thread that does nothing else. A handler could not
  /// remove folders: few functions may be called there (signal-safety(7)).
  static func prepare() {
    let signals = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    Thread.detachNewThread { [set] in
      var (set, signal) = (set, Int32(0))
      while sigwait(&set, &signal) != 0 {}
      ChildProcess.endAll()
      TemporaryFolder.removeAll()
      _exit(128 + signal)
    }
  }

  /// For a program that takes the place of this one.
  static func restore() {
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  /// `nohup` and background jobs of a shell ignore it, and that must stay so.
  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
