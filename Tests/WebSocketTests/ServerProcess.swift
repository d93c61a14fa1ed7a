import Common
import Glibc
import Synchronization

/// `05-WebSocket`, running and ready; ends with this object.
final class ServerProcess: Sendable {
  let pid: pid_t
  let port: UInt16
  private let hasEnded = Mutex(false)

  init(_ options: [String]) throws {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SystemError(call: "socketpair") }
    let output = Descriptor(owning: ends[0])
    let writeEnd = Descriptor(owning: ends[1])
    pid = try Self.start(options + ["--port", "0"], output: writeEnd.number)
    _ = consume writeEnd
    let line = Self.readLine(output.number)
    guard let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw TestError("not the line of a server that is ready: '\(line)'")
    }
    self.port = port
  }

  /// posix_spawn(3), with the signals as a shell would leave them.
  private static func start(_ options: [String], output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let path = folder + "05-WebSocket"
    var words = ([path] + options).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, path, &actions, &attributes, &words, environ)
    guard code == 0 else { throw SystemError(call: "posix_spawn \(path)", code: code) }
    return pid
  }

  /// The folder of the executables: that of the tests, or the one that `SERVERS` names.
  private static let folder: String = {
    if let folder = getenv("SERVERS") { return String(cString: folder) + "/" }
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = path.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    let end = path[..<max(0, count)].lastIndex(of: UInt8(ascii: "/")) ?? -1
    return String(decoding: path[...end], as: UTF8.self)
  }()

  private static func readLine(_ descriptor: Int32) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }

  /// User-space memory in KiB, as proc(5) tells it (`RssAnon`).
  func memory() throws -> Int {
    guard let file = fopen("/proc/\(pid)/status", "r") else { throw SystemError(call: "fopen") }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = line.withUnsafeBytes {
        String(cString: $0.bindMemory(to: CChar.self).baseAddress!)
      }
      if text.hasPrefix("RssAnon:"),
        let kilobytes = text.split(whereSeparator: \.isWhitespace).dropFirst().first
      {
        return Int(kilobytes) ?? 0
      }
    }
    throw TestError("no RssAnon")
  }

  /// The number behind a name in `/stats`.
  func statistic(_ name: String) throws -> Int {
    let text = try get("/stats")
    guard let range = text.firstRange(of: "\"\(name)\": ") else {
      throw TestError("no \(name): \(text)")
    }
    return Int(text[range.upperBound...].prefix { $0.isNumber }) ?? -1
  }

  /// A request on a connection of its own, and its answer's body.
  func get(_ target: String) throws -> String {
    let socket = try connectSocket(port: port)
    let request = "GET \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    try socket.sendAll(Array(request.utf8))
    var buffer = [UInt8](repeating: 0, count: 65536)
    var answer: [UInt8] = []
    while let count = try socket.receive(into: &buffer), count > 0 { answer += buffer[..<count] }
    let text = String(decoding: answer, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { throw TestError("no answer: \(text)") }
    return String(text[end.upperBound...])
  }

  /// Asks it to end, and returns its exit status.
  func stop() -> Int32 {
    kill(pid, SIGTERM)
    return wait()
  }

  private func wait() -> Int32 {
    hasEnded.withLock { hasEnded in
      var status: Int32 = -1
      if !hasEnded { waitpid(pid, &status, 0) }
      hasEnded = true
      return status
    }
  }

  deinit {
    kill(pid, SIGKILL)
    _ = wait()
  }
}

nonisolated(unsafe) private let environ = Glibc.environ

/// What a test could not go on without.
struct TestError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A blocking connection from any address of 127.0.0.0/8: 28,000 ports each.
/// - Parameter receiveBuffer: how little the kernel shall take for a client that does not read.
func connectSocket(
  port: UInt16, from source: UInt32 = 0x7f00_0001, receiveBuffer: Int32? = nil
) throws -> Socket {
  let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  let descriptor = Descriptor(owning: try check("socket") { socket(AF_INET, type, 0) })
  if let receiveBuffer { try descriptor.setOption(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
  // ip(7) IP_BIND_ADDRESS_NO_PORT: the port is chosen at connect, when it is known to whom.
  try descriptor.setOption(Int32(IPPROTO_IP), 24, 1)
  try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  let number = descriptor.number
  try withAddress(source, 0) { address, size in
    try check("bind") { bind(number, address, size) }
  }
  try withAddress(0x7f00_0001, port) { address, size in
    try check("connect") { connect(number, address, size) }
  }
  return Socket(descriptor)
}

private func withAddress(
  _ host: UInt32, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
) throws {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = host.bigEndian
  try withUnsafePointer(to: &address) {
    try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
