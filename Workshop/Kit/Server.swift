import Glibc

/// One of the real servers, in a separate process. It stops when the check ends, however the check
/// ends.
public final class Server {
  public let name: String
  private let port: UInt16
  private let child: pid_t

  /// Starts the server and returns when it is ready. A check is slower than most clients, so the
  /// timeouts are long.
  /// - Parameter options: follow the port and the timeouts on the command line.
  public init(_ name: String, _ options: String...) {
    self.name = name
    guard let folder = getenv("SERVERS").map({ String(cString: $0) }) else {
      fail("exercise.md does not list this server: '- servers: \(name)' is missing")
    }
    let patience = ["--idle-timeout", "5m", "--header-timeout", "5m"]
    let words = ["\(folder)/\(name)", "--port", "0"] + patience + options
    let output: Int32
    (child, output) = start(words)
    let line = Waiting.for("the first line of \(name)") { firstLine(from: output) }
    guard let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      fail("\(name) did not start", happened: line)
    }
    self.port = port
  }

  /// Kills the server, because the rest of its work no longer matters.
  deinit {
    kill(child, SIGKILL)
    waitpid(child, nil, 0)
  }

  /// Opens a connection.
  /// - Parameter name: identifies the client in failure messages.
  public func connect(_ name: String) -> Client { Client(name, port: port) }
}

/// Starts a program in our process group. Returns its process id and the descriptor that its output
/// can be read from.
private func start(_ words: [String]) -> (pid_t, Int32) {
  var ends: [Int32] = [0, 0]
  socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
  // This descriptor carries the check's report. If the server held it open, `course` would wait for
  // the server.
  posix_spawn_file_actions_addclose(&actions, Report.descriptor)
  var arguments = words.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var child = pid_t()
  let code = posix_spawn(&child, words[0], &actions, nil, &arguments, environ)
  if code != 0 { fail("cannot start \(words[0])", happened: String(cString: strerror(code))) }
  close(ends[1])
  return (child, ends[0])
}

/// Blocks until a line has arrived or the output ends.
private func firstLine(from descriptor: Int32) -> String {
  var line: [UInt8] = []
  var byte: UInt8 = 0
  while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
  return String(decoding: line, as: UTF8.self)
}

nonisolated(unsafe) private let environ = Glibc.environ
