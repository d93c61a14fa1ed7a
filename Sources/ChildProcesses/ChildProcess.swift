@preconcurrency import Glibc
import Synchronization

/// A program that this process started. It never outlives this object, and if it leads a process
/// group, neither do the others in the group.
///
/// In the child, all signals have their default actions and none is blocked, whatever this process
/// does with its own signals.
public final class ChildProcess: Sendable {
  public enum Exit: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
  }

  public let identifier: pid_t
  private let leadsGroup: Bool
  /// How it ended; set when the child is reaped. From then on its number may belong to another
  /// process, so no signal may be sent to it.
  private let exit = Mutex<Exit?>(nil)
  /// The leaders of all groups that are running; `nil` after ``endAll()``.
  private static let leaders = Mutex<Set<pid_t>?>([])

  /// Starts a program (posix_spawn(3)).
  ///
  /// - Parameters:
  ///   - words: the program, which is looked up in `PATH` unless it is a path, and its arguments.
  ///   - environment: `nil` to inherit the environment of this process.
  ///   - descriptors: the descriptors that are open in the child, each with the descriptor of this
  ///     process that it is a copy of. Without an entry, 0 is /dev/null, and 1 and 2 are inherited.
  ///   - leadsGroup: whether it becomes the leader of a process group, which is killed when it
  ///     ends.
  /// - Throws: the kernel's reason if the program cannot be started, for example that there is no
  ///   such file.
  public init(
    _ words: [String], environment: [String: String]? = nil, descriptors: [Int32: Int32] = [:],
    leadsGroup: Bool = false
  ) throws(ChildProcessError) {
    self.leadsGroup = leadsGroup
    var actions = Self.actions(descriptors)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = Self.attributes(leadsGroup: leadsGroup)
    defer { posix_spawnattr_destroy(&attributes) }
    var arguments = words.map { strdup($0) } + [nil]
    var variables = (environment ?? [:]).map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    identifier = try Self.leaders.withLock { leaders throws(ChildProcessError) in
      guard leaders != nil else { throw ChildProcessError("start \(words[0])", ECANCELED) }
      var child = pid_t()
      let code =
        environment == nil
        ? posix_spawnp(&child, words[0], &actions, &attributes, &arguments, environ)
        : posix_spawnp(&child, words[0], &actions, &attributes, &arguments, &variables)
      guard code == 0 else { throw ChildProcessError("start \(words[0])", code) }
      if leadsGroup { leaders?.insert(child) }
      return child
    }
  }

  private static func actions(_ descriptors: [Int32: Int32]) -> posix_spawn_file_actions_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    if descriptors[STDIN_FILENO] == nil {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    for (theirs, ours) in descriptors {
      posix_spawn_file_actions_adddup2(&actions, ours, theirs)
    }
    // Close everything else, even what other code opened without O_CLOEXEC: if the child inherited
    // the writing end of a pipe by accident, that pipe's reader would see no end as long as the
    // child runs.
    for open in openDescriptors() where open > STDERR_FILENO && descriptors[open] == nil {
      posix_spawn_file_actions_addclose(&actions, open)
    }
    return actions
  }

  /// Returns the open descriptors of this process. (posix_spawn ignores one that is closed by
  /// then.)
  private static func openDescriptors() -> [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var numbers: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = Int32(name) { numbers.append(number) }
    }
    return numbers
  }

  private static func attributes(leadsGroup: Bool) -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))
    return attributes
  }

  deinit {
    end()
    _ = wait()
  }

  // MARK: Signals

  /// Sends the process a signal, unless it has been reaped.
  public func send(signal: Int32) {
    exit.withLock { if $0 == nil { kill(identifier, signal) } }
  }

  /// Kills the process, and its group if it leads one.
  public func end() {
    exit.withLock { if $0 == nil { kill(leadsGroup ? -identifier : identifier, SIGKILL) } }
  }

  /// Kills all groups whose leaders are children of this process, for a program that must end now.
  /// No further program can be started after that.
  public static func endAll() {
    leaders.withLock { leaders in
      for leader in leaders ?? [] { kill(-leader, SIGKILL) }
      leaders = nil
    }
  }

  // MARK: Waiting

  /// Whether the process is no longer running. Others in its group may be.
  public var hasEnded: Bool {
    if exit.withLock({ $0 != nil }) { return true }
    var information = siginfo_t()
    let status = waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT | WNOHANG)
    return status == -1 ? errno == ECHILD : information.si_signo != 0
  }

  /// Waits until the process ends, kills the rest of its group, and returns how it ended.
  public func wait() -> Exit {
    // With WNOWAIT and without the lock, another thread can still send the process a signal while
    // we wait.
    var information = siginfo_t()
    while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {
    }
    return exit.withLock { exit in
      if let exit { return exit }
      // Kill the group before reaping its leader: afterwards the number may belong to another
      // group.
      if leadsGroup { kill(-identifier, SIGKILL) }
      Self.leaders.withLock { _ = $0?.remove(identifier) }
      var status: Int32 = 0
      while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
      let signal = status & 0x7F
      let result = signal == 0 ? Exit.status(status >> 8 & 0xFF) : .signal(signal)
      exit = result
      return result
    }
  }
}
