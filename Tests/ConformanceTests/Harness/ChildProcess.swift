import Glibc
import Synchronization

/// A program we started: its output, its end. Never survives this object.
final class ChildProcess: Sendable {
  enum Exit: Equatable {
    case status(Int32)
    case signal(Int32)
  }

  let pid: pid_t
  let standardOutput: ChildOutput
  let standardError: ChildOutput
  private let exit = Mutex<Exit?>(nil)

  /// posix_spawn(3). The child starts with default signal handling, whatever the test runner did to its own.
  init(executable: String, arguments: [String]) throws {
    standardOutput = try ChildOutput()
    standardError = try ChildOutput()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, standardOutput.writeEnd, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, standardError.writeEnd, STDERR_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var words = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, executable, &actions, &attributes, &words, environ)
    guard code == 0 else { throw HarnessError(call: "posix_spawn \(executable)", code: code) }
    self.pid = pid
    standardOutput.closeWriteEnd()
    standardError.closeWriteEnd()
  }

  /// kill(2), as long as the pid is surely its own.
  func send(signal: Int32) {
    exit.withLock { exit in
      if exit == nil { kill(pid, signal) }
    }
  }

  /// Whether it has not ended yet.
  var isRunning: Bool { reap(WNOHANG) == nil }

  /// Waits until it has ended by itself (its output ends with it), and throws if it never does.
  func waitForExit() throws -> (exit: Exit, output: String, errors: String) {
    let output = try standardOutput.readToEnd()
    let errors = try standardError.readToEnd()
    guard let exit = reap(0) else { throw HarnessError(call: "waitpid") }
    return (exit, output, errors)
  }

  /// waitpid(2), remembered: after it the pid may belong to somebody else.
  private func reap(_ options: Int32) -> Exit? {
    exit.withLock { exit in
      var status: Int32 = 0
      if exit == nil, waitpid(pid, &status, options) == pid {
        let signal = status & 0x7f
        exit = signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
      }
      return exit
    }
  }

  deinit {
    if isRunning {
      kill(pid, SIGKILL)
      _ = reap(0)
    }
  }
}

nonisolated(unsafe) private let environ = Glibc.environ
