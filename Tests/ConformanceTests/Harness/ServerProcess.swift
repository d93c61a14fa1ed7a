import ChildProcesses
import Glibc

/// One chapter's server, running and ready for connections.
final class ServerProcess: Sendable {
  let chapter: Chapter
  let child: TestedProgram
  let port: UInt16
  var pid: pid_t { child.pid }

  // On a busy machine a test may be slower than a client is allowed to be, except in tests of that
  // limit.
  private static let patient = [
    "--idle-timeout", "5m", "--header-timeout", "5m", "--body-timeout", "5m",
  ]

  /// Starts it on a port that the kernel chooses, and returns when it has printed the port.
  /// - Parameters:
  ///   - descriptors: how many it may open (setrlimit(2)); `nil` for as many as this process may.
  ///   - fileSize: how many KiB a file that it writes may have, as if the disk were full then.
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

  /// Reads the port from the line that our servers print.
  private static func port(_ child: TestedProgram, _ name: String) throws -> UInt16 {
    let line = try child.standardOutput.readLine()
    let prefix = "\(name) listening on http://127.0.0.1:"
    guard line.hasPrefix(prefix), let port = UInt16(line.dropFirst(prefix.count)), port != 0 else {
      // An empty line is the end of its output. If the program has not ended by itself, it has to
      // end now.
      if line.isEmpty { child.send(signal: SIGTERM) }
      let end = line.isEmpty ? try? child.waitForExit() : nil
      throw HarnessError(
        "expected '\(prefix)PORT' as the first line, got '\(line)'"
          + (end.map { "; it ended (\($0.exit)) and printed: \($0.errors)" } ?? ""))
    }
    return port
  }

  /// Starts the executable with exactly these arguments, for tests of how it ends.
  /// - Parameter limits: shell commands that are run first.
  static func launch(
    _ chapter: Chapter, _ arguments: [String], limits: [String] = [],
    failing failures: [FailingCall] = []
  ) throws -> TestedProgram {
    // The shell reads the command of the program under test, and is then replaced by it.
    let program =
      chapter.ownCommand.map { ["/bin/bash", "-c", "exec \($0) \"$@\"", "bash"] }
      ?? [productFolder + chapter.name]
    let command = FailingCall.strace(failures) + program + chapter.always + arguments
    let isOwn = chapter.ownCommand != nil
    if limits.isEmpty {
      return try TestedProgram(
        executable: command[0], arguments: Array(command.dropFirst()), printsToTerminal: isOwn)
    }
    // The shell is replaced by the server, so it is the same process. Descriptors that the test
    // runner left open would count against its limit.
    let script = """
      for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ "$fd" -gt 2 ]; then eval "exec $fd>&-"; fi; done
      \(limits.joined(separator: "; ")); exec "$@"
      """
    return try TestedProgram(
      executable: "/bin/bash", arguments: ["-c", script, "bash"] + command,
      printsToTerminal: isOwn)
  }

  func connect() throws -> Client { try Client(port: port) }

  /// Opens a new connection that has completed its WebSocket handshake.
  func connectWebSocket(_ path: String) throws -> WebSocketClient {
    let client = try WebSocketClient(connect())
    try client.handshake(path)
    return client
  }

  /// Sends a request on a new connection.
  func get(_ target: String) throws -> HTTPResponse {
    let client = try connect()
    try client.send(request(target, "Connection: close"))
    let response = try client.readResponse()
    try client.expectClosed()
    return response
  }

  func send(signal: Int32) { child.send(signal: signal) }

  /// Waits for its end; it must not have printed anything on either output.
  func waitForExit() throws -> ChildProcess.Exit {
    let (exit, output, errors) = try child.waitForExit()
    guard output.isEmpty, errors.isEmpty else {
      throw HarnessError("\(exit), but it printed: \(output)\(errors)")
    }
    return exit
  }

  /// The folder of the built executables, which is also the folder of the tests' bundle. `SERVERS`
  /// names another one, for example with servers built for a sanitizer.
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
