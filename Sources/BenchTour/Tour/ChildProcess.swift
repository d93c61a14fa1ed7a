import BenchSupport
import CLinux
import Common
import Glibc

/// A program that the tour runs. It never outlives this object.
final class ChildProcess {
  let identifier: pid_t
  /// What it has written so far, standard output and standard error together.
  private(set) var output = ""
  private let pipe: Descriptor
  private var status: Int32?

  /// Starts it with posix_spawn(3), with the default signal actions. Throws if there is no such
  /// program.
  init(_ path: String, _ arguments: [String]) throws(TourError) {
    // pipe2(2) is not in the Glibc module; a pair of sockets closes on exec as well.
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw TourError("\(SystemError(call: "socketpair"))")
    }
    pipe = Descriptor(owning: ends[0])
    let writer = Descriptor(owning: ends[1])
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, writer.number, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, writer.number, STDERR_FILENO)
    var attributes = Self.attributes()
    defer { posix_spawnattr_destroy(&attributes) }
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let code = posix_spawnp(&child, path, &actions, &attributes, &words, environ)
    guard code == 0 else {
      throw TourError("cannot start \(path): \(String(cString: strerror(code)))")
    }
    identifier = child
  }

  private static func attributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in Interruption.signals + ignoredSignals { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
  }

  deinit { if status == nil { kill() } }

  /// Takes what it writes within this time. Returns false if it ended and writes nothing more.
  func listen(milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: pipe.number, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) == 1 else { return true }
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(pipe.number, &chunk, chunk.count)
    if count > 0 { output += String(decoding: chunk[..<count], as: UTF8.self) }
    return count > 0 || (count == -1 && errno == EINTR)
  }

  /// Asks it to end (SIGTERM) and waits for its end; kills it if it takes longer than `grace`.
  func end(grace: Duration) throws(TourError) {
    send(signal: SIGTERM)
    let deadline = Instant.now + grace
    while listen(milliseconds: 100) {
      if Instant.now > deadline {
        kill()
        throw TourError("it did not end within \(grace.components.seconds) s, and was killed")
      }
    }
  }

  private func send(signal: Int32) { if status == nil { Glibc.kill(identifier, signal) } }

  /// How it ended, in words; `nil` if with status 0. Waits for its end (waitpid(2)).
  var failure: String? {
    if status == nil {
      var code: Int32 = 0
      while waitpid(identifier, &code, 0) == -1 && errno == EINTR {}
      status = code
    }
    guard let status, status != 0 else { return nil }
    return status & 0x7F == 0
      ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(status & 0x7F)"
  }

  /// Its exit status if it ended by itself.
  var exitStatus: Int32? {
    _ = failure
    return status.flatMap { $0 & 0x7F == 0 ? $0 >> 8 & 0xFF : nil }
  }

  private func kill() {
    send(signal: SIGKILL)
    _ = failure
  }
}

nonisolated(unsafe) private let environ = Glibc.environ

/// The reason why the tour cannot continue, in one line.
package struct TourError: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
