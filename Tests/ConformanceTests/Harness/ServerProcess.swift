import ChildProcesses
import Glibc

/// One chapter's server, running and ready for connections.
final class ServerProcess: Sendable {
  let chapter: Chapter
  let child: TestedProgram
  let port: UInt16
  var pid: pid_t { child.pid }

  /// On a busy machine a test may be slower than a client is allowed to be, unless that is what it tests.
  private static let patient = [
    "--idle-timeout", "5m", "--header-timeout", "5m", "--body-timeout", "5m",
  ]

  /// Starts it on a port of the kernel's choice and returns once it has said which.
  /// - Parameters:
  ///   - descriptors: how many it may open (setrlimit(2)); `nil` for as many as we may.
  ///   - fileSize: how many KiB a file of its own may have, as if the disk were full then.
  ///   - failures: system calls that fail on purpose.
  init(
    _ chapter: Chapter, _ options: [String] = [], descriptors: Int? = nil, fileSize: Int? = nil,
    failing failures: [FailingCall] = []
  ) throws {
    self.chapter = chapter
    let limits =
      (descriptors.map { ["ulimit -n \($0)"] } ?? [])
      + (fileSize.map { ["trap '' XFSZ", "ulimit -f \($0)"] } ?? [])
    let isOurs = chapter.ownCommand == nil
    let wanted = isOurs ? 0 : try OwnServer.freePort()
    child = try Self.launch(
      chapter, ["--port", "\(wanted)"] + Self.patient + options, limits: limits,
      failing: failures)
    port = isOurs ? try Self.port(child, chapter.name) : wanted
    if !isOurs { try OwnServer.waitUntilReady(child) }
  }

  /// The port in the line of one of our servers.
  private static func port(_ child: TestedProgram, _ name: String) throws -> UInt16 {
    let line = try child.standardOutput.readLine()
    let prefix = "\(name) listening on http://127.0.0.1:"
    guard line.hasPrefix(prefix), let port = UInt16(line.dropFirst(prefix.count)), port != 0 else {
      // An empty line is the end of its output. If the program itself has not ended, it must now.
      if line.isEmpty { child.send(signal: SIGTERM) }
      let end = line.isEmpty ? try? child.waitForExit() : nil
      throw HarnessError(
        "not the line of a server that is ready, '\(prefix)PORT': '\(line)'"
          + (end.map { "; it ended (\($0.exit)) and printed: \($0.errors)" } ?? ""))
    }
    return port
  }

  /// Starts the executable with exactly these arguments, for tests of how it ends.
  /// - Parameter limits: commands of the shell.
  static func launch(
    _ chapter: Chapter, _ arguments: [String], limits: [String] = [],
    failing failures: [FailingCall] = []
  ) throws -> TestedProgram {
    // The shell reads somebody's own command, and becomes it.
    let program =
      chapter.ownCommand.map { ["/bin/bash", "-c", "exec \($0) \"$@\"", "bash"] }
      ?? [productFolder + chapter.name]
    let command = FailingCall.strace(failures) + program + chapter.always + arguments
    let isOwn = chapter.ownCommand != nil
    if limits.isEmpty {
      return try TestedProgram(
        executable: command[0], arguments: Array(command.dropFirst()), printsToTerminal: isOwn)
    }
    // The shell becomes the server: it is the same process. What the test runner has left open would count as well.
    let script = """
      for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ "$fd" -gt 2 ]; then eval "exec $fd>&-"; fi; done
      \(limits.joined(separator: "; ")); exec "$@"
      """
    return try TestedProgram(
      executable: "/bin/bash", arguments: ["-c", script, "bash"] + command,
      printsToTerminal: isOwn)
  }

  func connect() throws -> Client { try Client(port: port) }

  /// A new connection, already speaking WebSocket.
  func connectWebSocket(_ path: String) throws -> WebSocketClient {
    let client = try WebSocketClient(connect())
    try client.handshake(path)
    return client
  }

  /// A request on a connection of its own.
  func get(_ target: String) throws -> HTTPResponse {
    let client = try connect()
    try client.send(request(target, "Connection: close"))
    let response = try client.readResponse()
    try client.expectClosed()
    return response
  }

  func send(signal: Int32) { child.send(signal: signal) }

  /// Waits for its end, which must not leave a word behind on either output.
  func waitForExit() throws -> ChildProcess.Exit {
    let (exit, output, errors) = try child.waitForExit()
    guard output.isEmpty, errors.isEmpty else {
      throw HarnessError("\(exit), but it said: \(output)\(errors)")
    }
    return exit
  }

  /// The folder of the built executables: the tests' bundle lies among them. `SERVERS` names another one, for example
  /// with servers built for a sanitizer.
  private static let productFolder: String = {
    if let folder = getenv("SERVERS") { return String(cString: folder) + "/" }
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = path.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    let end = path[..<max(0, count)].lastIndex(of: UInt8(ascii: "/")) ?? -1
    return String(decoding: path[...end], as: UTF8.self)
  }()
}

/// A GET request with these header fields.
func request(
  _ target: String, _ fields: String..., method: String = "GET", version: String = "HTTP/1.1"
) -> String {
  (["\(method) \(target) \(version)", "Host: test"] + fields).joined(separator: "\r\n")
    + "\r\n\r\n"
}
