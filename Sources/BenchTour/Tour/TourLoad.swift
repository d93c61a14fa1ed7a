import BenchSupport
import Common
import FoundationEssentials
import Glibc

/// A run of `bench` in a separate process, as a user could start it, while the server is observed.
struct TourLoad {
  let server: TourServer

  /// Runs `bench` and returns what it wrote with `--json`, and the CPU time that the server used
  /// meanwhile, in nanoseconds.
  func run<Record: Decodable>(
    _ arguments: [String], _ type: Record.Type
  ) throws -> (record: Record, cpuTime: UInt64) {
    try Self.withTemporaryFile { path in try run(arguments, type, path) }
  }

  private func run<Record: Decodable>(
    _ arguments: [String], _ type: Record.Type, _ path: String
  ) throws -> (record: Record, cpuTime: UInt64) {
    let before = try server.sample()
    let child = try ChildProcess(ServerBuild.ownPath, arguments + ["--json", path])
    do {
      while child.listen(milliseconds: 20) {
        try Interruption.check()
        try server.sample()
      }
    } catch {
      try child.end(grace: .seconds(5))
      throw error
    }
    let cpuTime = try server.sample() - before
    // Status 1 means that requests failed: they are counted.
    guard let status = child.exitStatus, status <= 1 else {
      let command = "bench \(arguments.joined(separator: " "))"
      throw TourError("\(command) \(child.failure ?? ""): \(child.output)")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try decoder.decode(type, from: Data(try readFile(path))), cpuTime)
  }

  /// An empty file for as long as `body` runs (mkstemp(3)).
  static func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path()
    var template = "\(folder)/bench-tour-XXXXXX".utf8CString.map { $0 }
    let descriptor = Descriptor(owning: try check("mkstemp") { mkstemp(&template) })
    _ = descriptor
    let bytes = template.dropLast().map(UInt8.init(truncatingIfNeeded:))
    let path = String(decoding: bytes, as: UTF8.self)
    defer { unlink(path) }
    return try body(path)
  }
}
