import Glibc

/// What the kernel tells about a server (proc(5)): the tests wait for a state, not for a time.
extension ServerProcess {
  /// The number of its open descriptors.
  func openDescriptors() throws -> Int { try entries(of: "/proc/\(pid)/fd").count }

  /// Returns a number from `/stats`.
  func statistic(_ name: String) throws -> Int {
    let stats = try get("/stats").text
    guard let number = try Stats(stats)[name[...]].flatMap({ Int($0) }) else {
      throw HarnessError("no \(name): \(stats)")
    }
    return number
  }

  /// The number of its threads.
  func threadCount() throws -> Int { try entries(of: "/proc/\(pid)/task").count }

  /// Bytes of private memory that are in use.
  func memory() throws -> Int {
    guard let size = fields(of: "/proc/\(pid)/status")["RssAnon"],
      let kilobytes = Int(size.filter(\.isNumber))
    else { throw HarnessError("\(chapter.name) has no memory in /proc") }
    return kilobytes * 1024
  }

  /// Waits until the server has nothing to do: it has taken every signal, and all of its threads sleep.
  ///
  /// Threads are looked at one after the other, so one look proves nothing: the next thread may
  /// have woken one that was asleep. Two equal looks prove it, because a thread that ran in between
  /// has a higher count.
  func waitUntilQuiet() throws {
    var last: [String] = []
    try eventually("\(chapter.name) is quiet") {
      guard child.isRunning else { throw HarnessError("the server ended") }
      let now = try threads()
      defer { last = now }
      return now == last && now.allSatisfy { $0.hasPrefix("asleep") }
    }
  }

  /// Stops it (`SIGSTOP`) and returns when all of its threads have stopped: until then, one of them
  /// could still answer.
  func freeze() throws {
    send(signal: SIGSTOP)
    try eventually("\(chapter.name) has stopped") {
      try entries(of: "/proc/\(pid)/task").allSatisfy {
        fields(of: "/proc/\(pid)/task/\($0)/status")["State"]?.hasPrefix("T") == true
      }
    }
  }

  /// A line per thread: asleep or not, its number, how often it was switched away.
  private func threads() throws -> [String] {
    try entries(of: "/proc/\(pid)/task").sorted().map { thread in
      // A thread that ended after the folder was read no longer has this file, and therefore no
      // fields.
      let status = fields(of: "/proc/\(pid)/task/\(thread)/status")
      let pending = ["SigPnd", "ShdPnd"].contains { status[$0] != "0000000000000000" }
      let asleep = status["State"]?.hasPrefix("S") == true && !pending
      return "\(asleep ? "asleep" : "busy") \(thread) \(status["voluntary_ctxt_switches"] ?? "")"
    }
  }

  /// Waits until the server has accepted this connection and read everything that was sent on it.
  func waitUntilRead(_ client: Client) throws {
    // /proc/net/tcp: local and remote address, state, queues (sent:received), …, inode (0 until it is accepted).
    let local = ":\(hexadecimal(port))"
    let remote = ":\(hexadecimal(try client.localPort))"
    try client.waitUntilDelivered()
    try eventually("\(chapter.name) has read what was sent") {
      // If it has answered, it has read the request; it may have closed the connection since.
      if client.hasInput() { return true }
      return try readFile("/proc/net/tcp").split(separator: "\n").contains { line in
        let columns = line.split(separator: " ")
        return columns[1].hasSuffix(local) && columns[2].hasSuffix(remote)
          && columns[4].hasSuffix(":00000000") && columns[9] != "0"
      }
    }
  }
}

private func hexadecimal(_ port: UInt16) -> String {
  let digits = String(port, radix: 16, uppercase: true)
  return String(repeating: "0", count: 4 - digits.count) + digits
}

/// Returns the `Name: value` lines of a file.
private func fields(of path: String) -> [String: String] {
  var fields: [String: String] = [:]
  for line in (try? readFile(path))?.split(separator: "\n") ?? [] {
    let parts = line.split(separator: ":", maxSplits: 1)
    if parts.count == 2 { fields[String(parts[0])] = String(parts[1].drop { $0 == "\t" }) }
  }
  return fields
}

func readFile(_ path: String) throws -> String {
  guard let file = fopen(path, "re") else { throw HarnessError(call: "open \(path)") }
  defer { fclose(file) }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
    text += buffer[..<count]
  }
  return String(decoding: text, as: UTF8.self)
}

func entries(of path: String) throws -> [String] {
  guard let folder = opendir(path) else { throw HarnessError(call: "opendir \(path)") }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names
}
