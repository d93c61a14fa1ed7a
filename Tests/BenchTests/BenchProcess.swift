import CLinux
import Common
import Glibc

/// `bench` as a user runs it: the built executable, in its own process.
struct BenchProcess: ~Copyable {
  struct Output {
    let status: Int32
    let text: String
    let errors: String
  }

  let identifier: pid_t
  private let text: Descriptor
  private let errors: Descriptor

  /// The folder of the built executables, which is also the folder of the running test bundle.
  static let products: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let test = String(
      decoding: path[..<max(0, length)].map(UInt8.init(truncatingIfNeeded:)), as: UTF8.self)
    return String(test[...(test.lastIndex(of: "/") ?? test.startIndex)])
  }()

  static var executable: String { products + "bench" }

  /// Runs it to the end.
  static func run(_ arguments: String...) throws -> Output { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Output {
    try BenchProcess(executable, arguments).finish()
  }

  /// What `/bin/sh -c` prints for a command line that reads `input`.
  static func shell(_ command: String, input: String) throws -> String {
    try TemporaryFile(contents: input).withPath { path in
      try BenchProcess("/bin/sh", ["-c", "{ \(command); } <\(path)"]).finish().text
    }
  }

  /// A command line of `/bin/sh`, with everything that it prints.
  static func run(shell command: String) throws -> Output {
    try BenchProcess("/bin/sh", ["-c", command]).finish()
  }

  init(_ arguments: String...) throws { try self.init(Self.executable, arguments) }

  private init(_ path: String, _ arguments: [String]) throws {
    // Close-on-exec from the start: a process that another test starts in the meantime must not keep our
    // ends open. pipe2(2) is not in the Glibc module; a pair of sockets does the same.
    var textEnds: [Int32] = [0, 0]
    var errorEnds: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    try check("socketpair") { socketpair(AF_UNIX, type, 0, &textEnds) }
    try check("socketpair") { socketpair(AF_UNIX, type, 0, &errorEnds) }
    let text = Descriptor(owning: textEnds[0])
    let errors = Descriptor(owning: errorEnds[0])
    let textWriter = Descriptor(owning: textEnds[1])
    let errorWriter = Descriptor(owning: errorEnds[1])
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, textWriter.number, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errorWriter.number, STDERR_FILENO)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let status = posix_spawn(&child, path, &actions, nil, &words, environ)
    guard status == 0 else { throw SystemError(call: "posix_spawn", code: status) }
    identifier = child
    self.text = text
    self.errors = errors
  }

  func send(signal: Int32) { kill(identifier, signal) }

  /// Reads everything, then reaps the process (waitpid(2)). Status 128 + n: ended by signal n.
  consuming func finish() throws -> Output {
    // Standard error of bench is a few lines: it fits into the pipe while standard output is read.
    let (text, errors) = (try readAll(self.text), try readAll(self.errors))
    var status: Int32 = 0
    try check("waitpid") { waitpid(identifier, &status, 0) }
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    return Output(status: code, text: text, errors: errors)
  }

  private func readAll(_ pipe: borrowing Descriptor) throws -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    let number = pipe.number
    while case let count = try check("read", { read(number, &chunk, chunk.count) }), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
