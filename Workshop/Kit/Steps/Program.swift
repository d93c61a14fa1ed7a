import Glibc

/// A program that the reader built, in a separate process. It stops when the check ends, however
/// the check ends.
public final class Program {
  public let port: UInt16
  let process: pid_t
  /// The clients of the current program. They stay connected until the next program starts, even if
  /// the check no longer uses them.
  // Safe, although the compiler cannot know it: a check uses a single thread.
  nonisolated(unsafe) private static var clients: [Client] = []
  private let terminal: Terminal
  private var exit: Exit?

  /// Starts the program with `--port` and a free port, and returns when it prints `listening on`.
  /// - Parameters:
  ///   - options: follow the port on its command line.
  ///   - port: use this port instead of a free one.
  ///   - isVariant: starts the second build, whose compiler flags are in `step.md`.
  ///   - problem: names the mistake if the program ends before it listens; `why` explains it.
  public init(
    _ options: String..., port: UInt16? = nil, isVariant: Bool = false,
    problem: String = "the program ended before it listened",
    why: String =
      "The check started it and waited for the line 'listening on', but the process ended."
  ) {
    Self.clients = []
    self.port = port ?? freePort()
    terminal = Terminal()
    let words = Self.command(isVariant) + ["--port", "\(self.port)"] + options
    Events.start("what happened:")
    process = start(words, on: terminal)
    if !terminal.wait(for: "listening on", seconds: 5) { explainSilence(problem, why) }
  }

  /// Kills the program: no caller waits for what is still in flight.
  deinit {
    kill(-process, SIGKILL)
    if exit == nil { waitpid(process, nil, 0) }
  }

  /// Whether there is a second build to start. A server in another language does not have one.
  public static var hasVariant: Bool { getenv("PROGRAM_VARIANT") != nil }

  private static func command(_ isVariant: Bool) -> [String] {
    let name = isVariant ? "PROGRAM_VARIANT" : "PROGRAM"
    if let path = getenv(name) { return [String(cString: path)] }
    if let command = getenv("PROGRAM_COMMAND") {
      // exec replaces the shell, so the signals that a check sends reach the server.
      return ["/bin/sh", "-c", "exec \(String(cString: command)) \"$@\"", "server"]
    }
    fail("the check does not know which program to start: \(name) is not set")
  }

  private func explainSilence(_ problem: String, _ why: String) -> Never {
    // The output may end a moment before the process does.
    settle()
    if hasEnded {
      fail(
        problem, why, expected: "a line that contains 'listening on'", happened: endDescription)
    }
    fail(
      "the program did not print 'listening on' within 5 seconds",
      "Print this line after listen(2): from then on the kernel accepts connections. If your "
        + "language buffers output that does not go to a terminal, flush the buffer after this "
        + "line.",
      expected: "a line that contains 'listening on'", happened: outputDescription)
  }

  // MARK: Connections

  /// Opens a connection.
  /// - Parameters:
  ///   - name: identifies the client in failure messages.
  ///   - receiveBuffer: the size of the client's receive buffer, in bytes. A small one makes a slow
  /// reader.
  public func connect(_ name: String, receiveBuffer: Int32? = nil) -> Client {
    Events.add("\(name) connects")
    let client = Client(name, port: port, program: self, receiveBuffer: receiveBuffer)
    Self.clients.append(client)
    return client
  }

  /// Stops the program while clients act, and then lets it continue. It finds everything that the
  /// clients did at once.
  public func deliverAtOnce<Result>(_ body: () -> Result) -> Result {
    kill(process, SIGSTOP)
    defer { kill(process, SIGCONT) }
    return body()
  }

  /// Whether the kernel refuses connections to the port because nothing listens there.
  public var refusesConnections: Bool { Client.isRefused(port: port) }

  // MARK: The process

  public enum Exit: Equatable, CustomStringConvertible, Sendable {
    case code(Int32)
    case signal(Int32)

    public var description: String {
      switch self {
      case .code(let code): "it exited with code \(code)"
      case .signal(let signal): "a signal killed it: \(String(cString: strsignal(signal)))"
      }
    }
  }

  /// Sends a signal, such as `SIGTERM`.
  public func signal(_ signal: Int32) {
    Events.add("the process receives \(String(cString: strsignal(signal)))")
    kill(process, signal)
  }

  public var isRunning: Bool { !hasEnded }

  /// Waits until the process ends. If it never does, the part's deadline ends the wait.
  public func waitForExit() -> Exit {
    Waiting.until("the program to end") { hasEnded }
    return exit!
  }

  /// Waits while the process works, until it ends. Returns false if all its threads are blocked
  /// instead.
  public var endsSoon: Bool {
    while !hasEnded { if settle(for: .milliseconds(300)) && !hasEnded { return false } }
    return true
  }

  private var hasEnded: Bool {
    if exit != nil { return true }
    var status: Int32 = 0
    if waitpid(process, &status, WNOHANG) != process { return false }
    exit = status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
    return true
  }

  /// A description of how the program ended and what it printed, for a failure message.
  var endDescription: String {
    (exit.map { "\($0)\n" } ?? "") + outputDescription
  }

  // MARK: Its output

  /// Everything that the program has printed so far.
  public var output: String { terminal.text }

  /// Waits until the output contains a text. Returns false if it does not after this many seconds.
  public func prints(_ text: String, within seconds: Int = 2) -> Bool {
    terminal.wait(for: text, seconds: seconds)
  }

  /// Kills the program and returns everything that it printed.
  public func lastOutput() -> String {
    kill(process, SIGKILL)
    _ = terminal.wait(for: "\0", seconds: 2)
    return output
  }

  /// The last lines of the output. A language's runtime prints there why the program ended.
  var outputDescription: String {
    let lines = output.split(whereSeparator: \.isNewline).suffix(6).map { "  \($0)" }
    return lines.isEmpty ? "it printed nothing" : (["it printed:"] + lines).joined(separator: "\n")
  }
}

/// Returns a port that is free now. The kernel chooses it.
private func freePort() -> UInt16 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  defer { close(descriptor) }
  var address = Client.address(port: 0)
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  if !status { fail("the kit found no free port: \(String(cString: strerror(errno)))") }
  return UInt16(bigEndian: address.sin_port)
}
