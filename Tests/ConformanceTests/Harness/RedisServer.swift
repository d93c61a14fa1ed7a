import Common
import Glibc
import WireProtocols

/// A real Redis of a test's own: its port, its folder, its process.
final class RedisServer {
  /// The first one found in PATH that is new enough; Valkey speaks the same protocol.
  static let executable: String? = {
    let folders = getenv("PATH").map { String(cString: $0).split(separator: ":") } ?? []
    return ["redis-server", "valkey-server"].lazy
      .flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { access($0, X_OK) == 0 && RedisServer.version(of: $0) >= 7 }
  }()
  static let isMissing =
    "skipped: no redis-server of version 7 or later on this machine (apt-get install redis-server)"

  /// `Redis server v=7.0.15 …` is 7; 0 if a program says nothing like it.
  static func version(of executable: String) -> Int {
    let program = try? TestedProgram(executable: executable, arguments: ["--version"])
    let words = (try? program?.waitForExit())?.output.split(separator: " ") ?? []
    return words.first { $0.hasPrefix("v=") }.flatMap { Int($0.dropFirst(2).prefix { $0 != "." }) }
      ?? 0
  }

  let port: UInt16
  private let folder: String
  private let options: [String]
  private var child: TestedProgram?

  /// - Parameter options: as in redis.conf, each after two dashes.
  init(_ options: String...) throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/" + "tmp"
    var template = Array("\(parent)/redis-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessError(call: "mkdtemp") }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    port = try Listener(host: "127.0.0.1", port: 0).address.port  // Free again at once.
    self.options = options
    try start()
  }

  /// Starts it, and returns when it takes connections.
  func start(_ more: String...) throws {
    guard let executable = Self.executable else { throw HarnessError(Self.isMissing) }
    let child = try TestedProgram(
      executable: executable,
      arguments: [
        "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder, "--save", "",
      ] + options + more)
    self.child = child
    var line = ""
    while !line.contains("Ready to accept connections") {
      line = try child.standardOutput.readLine()
      if line.isEmpty && !child.isRunning { throw HarnessError("Redis ended") }
    }
  }

  func send(signal: Int32) { child?.send(signal: signal) }

  /// The number of bytes that have arrived and that it has not read yet: the receive queues of its
  /// sockets (proc_net_tcp(5)).
  var unreadBytes: Int {
    get throws {
      let local = String(port, radix: 16, uppercase: true)
      return try readFile("/proc/net/tcp").split(separator: "\n").reduce(0) { sum, line in
        let fields = line.split(separator: " ")
        let isConnection = fields.count > 4 && fields[3] == "01"
        guard isConnection, fields[1].split(separator: ":")[1].hasSuffix(local) else { return sum }
        return sum + (Int(fields[4].split(separator: ":")[1], radix: 16) ?? 0)
      }
    }
  }

  /// Ends it at once. What is not in its files is lost.
  func kill() throws {
    send(signal: SIGKILL)
    _ = try child?.waitForExit()
    child = nil
  }

  var url: String { "redis://127.0.0.1:\(port)" }

  @discardableResult
  func command(_ words: String...) throws -> RESPValue {
    var output = OutputBuffer()
    RESPEncoder.append(words, to: &output)
    let client = try Client(port: port)
    try client.send(output.bytes)
    var parser = RESPParser(maxSize: 64 << 20)
    while true {
      let byte = try client.read(1)
      var index = 0
      if let value = try parser.next(byte.span, &index) { return value }
    }
  }

  deinit {
    try? kill()
    _ = try? TestedProgram(executable: "/bin/rm", arguments: ["-rf", folder]).waitForExit()
  }
}
