import Foundation
import Synchronization

/// A program that runs to its end, or until it has been silent for too long. It leads a process
/// group of its own, so that whatever it starts ends with it.
struct ChildProcess {
  struct Result {
    /// Standard output and standard error.
    let output: String
    /// What it wrote to descriptor 3.
    let report: String
    /// As waitpid(2) gives it; `nil` where it was killed for its silence.
    let status: Int32?

    /// The signal that ended it.
    var signal: Int32? { status.flatMap { $0 & 0x7F == 0 ? nil : $0 & 0x7F } }
  }

  /// - Parameters:
  ///   - variables: for its environment, besides ours.
  ///   - silence: seconds without a byte after which it is killed.
  static func run(
    _ words: [String], with variables: [String: String] = [:], silence: Int32
  ) throws -> Result {
    var (output, report) = (try Stream(), try Stream())
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let child = try spawn(words, environment, output: output.writer, report: report.writer)
    running.store(child, ordering: .sequentiallyConsistent)
    output.closeWriter()
    report.closeWriter()
    let isInTime = listen(&output, &report, silence: silence)
    // Also where the leader has ended: what it started must not stay.
    kill(-child, SIGKILL)
    running.store(0, ordering: .sequentiallyConsistent)
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1 && errno == EINTR {}
    return Result(output: output.text, report: report.text, status: isInTime ? status : nil)
  }

  private static func spawn(
    _ words: [String], _ environment: [String: String], output: Int32, report: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    posix_spawn_file_actions_adddup2(&actions, report, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var child = pid_t()
    let code = posix_spawnp(&child, words[0]!, &actions, &attributes, &words, &variables)
    guard code == 0 else {
      throw CourseError(
        "cannot start \(String(cString: words[0]!)): \(String(cString: strerror(code)))")
    }
    return child
  }

  /// Until both streams have ended. False where nothing came for too long.
  private static func listen(_ output: inout Stream, _ report: inout Stream, silence: Int32) -> Bool
  {
    while output.isOpen || report.isOpen {
      var waits = [output, report].map { pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0) }
      let count = poll(&waits, 2, silence * 1000)
      if count == 0 { return false }
      if waits[0].revents != 0 { output.read() }
      if waits[1].revents != 0 { report.read() }
    }
    return true
  }

  /// The process group to end when the learner presses Ctrl-C.
  private static let running = Atomic<pid_t>(0)

  static func endWithUs() {
    signal(SIGINT) { signal in
      let child = ChildProcess.running.load(ordering: .sequentiallyConsistent)
      if child != 0 { kill(-child, SIGKILL) }
      _exit(128 + signal)
    }
    // Whoever has started us may have blocked it, as the threads of Dispatch do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
