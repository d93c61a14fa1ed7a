import ChildProcesses
import Common
import Glibc

/// `course check --server COMMAND --as 03`: the tests run against another program, in any language,
/// which replaces the server of that chapter.
enum OwnServer {
  private static let command = variable("OWN_SERVER")
  private static let chapter = variable("OWN_SERVER_AS")

  static var isGiven: Bool { command != nil }

  static func standsIn(for chapters: [Chapter]) -> [Chapter] {
    guard let command, var chapter = chapters.first(where: { $0.name.hasPrefix(chapter ?? "") })
    else { return chapters }
    chapter.ownCommand = command
    chapter.always = []
    return [chapter]
  }

  /// A port that is free now. The kernel chooses it.
  static func freePort() throws -> UInt16 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(owning: try check("socket") { socket(AF_INET, type, 0) })
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        try check("bind") { bind(descriptor.number, address, length) }
        try check("getsockname") { getsockname(descriptor.number, address, &length) }
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Waits for the line that contains `listening on`. If there is none, it says what the program printed, and how it ended.
  static func waitUntilReady(_ child: TestedProgram) throws {
    var printed: [String] = []
    while child.standardOutput.isOpen, let line = try? child.standardOutput.readLine() {
      if line.contains("listening on") { return }
      printed.append(line)
    }
    let hasEnded = child.isRunning ? "it still runs" : "it ended (\(child.process.wait()))"
    child.process.end()
    let errors = (try? child.standardError.readToEnd()) ?? ""
    throw HarnessError(
      "the server did not print a line with 'listening on'; \(hasEnded), and it printed: "
        + (printed + [errors]).joined(separator: "\n"))
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
