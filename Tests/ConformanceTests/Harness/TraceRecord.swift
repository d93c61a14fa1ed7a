import FoundationEssentials
import Glibc

/// The file that `--trace` wrote: valid JSON, or reading it fails.
struct TraceRecord: Decodable {
  struct Event: Decodable {
    struct Arguments: Decodable {
      let client: Int?
      let name: String?
    }

    let name: String
    let ph: String
    let pid: Int
    let tid: Int?
    let ts: Double?
    let dur: Double?
    let cat: String?
    let id2: [String: String]?
    let args: Arguments?

    /// In nanoseconds: whole numbers, so that rounding loses nothing.
    var start: Int { Int(((ts ?? -1) * 1000).rounded()) }
    var end: Int { start + Int(((dur ?? 0) * 1000).rounded()) }
  }

  let traceEvents: [Event]

  init(path: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(readFile(path).utf8))
  }

  /// The threads that did something, by their names.
  var lanes: [String: [Event]] {
    let names = traceEvents.filter { $0.name == "thread_name" && $0.ph == "M" }
    return Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        let events = traceEvents.filter { $0.ph == "X" && $0.tid == name.tid }
        return name.args?.name.map { ($0, events) }
      })
  }

  /// What happened to a client, in order of time, without waits, and without reads that found
  /// nothing: no handling follows those.
  func story(of client: Int) -> [String] {
    let events = traceEvents.filter { $0.args?.client == client && $0.name != "wait" }
      .sorted { ($0.start, $0.ph == "e" ? 0 : 1) < ($1.start, $1.ph == "e" ? 0 : 1) }
    let names = events.map { $0.ph == "X" ? $0.name : "\($0.name) \($0.ph)" }
    return names.indices.compactMap { index in
      let foundNothing = names[index] == "read" && names[(index + 1)...].first != "handle"
      return foundNothing ? nil : names[index]
    }
  }
}

/// A name in the system's temporary folder for a file that does not exist yet; the file is removed
/// when the value is destroyed.
struct TemporaryPath: ~Copyable {
  let text: String

  init() throws {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/" + "tmp"
    var template = Array("\(folder)/trace-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw HarnessError(call: "mkstemp") }
    close(descriptor)
    text = String(decoding: template.dropLast().map(UInt8.init(truncatingIfNeeded:)), as: UTF8.self)
  }

  deinit { unlink(text) }
}
