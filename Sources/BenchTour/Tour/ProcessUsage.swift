import BenchSupport
import Common
import FoundationEssentials
import Glibc

/// What a process uses, according to /proc (proc(5)).
struct ProcessUsage {
  /// CPU time of all its threads, user and system, in nanoseconds; the kernel counts in hundredths
  /// of a second.
  let cpuTime: UInt64
  /// Its peak resident memory so far, in bytes.
  let peakMemory: Int
  let threads: Int
  let descriptors: Int

  /// `nil` if it ended.
  init?(of process: pid_t) {
    guard let stat = Self.read("/proc/\(process)/stat"),
      let status = Self.read("/proc/\(process)/status"), let end = stat.lastIndex(of: ")")
    else { return nil }
    let named = status.split(separator: "\n").map { $0.split { " \t".contains($0) } }
    func number(_ name: String) -> Int? {
      named.first { $0.first == name[...] }.flatMap { $0.count > 1 ? Int($0[1]) : nil }
    }
    guard let memory = number("VmHWM:"), let threads = number("Threads:"),
      let ticks = Self.ticks(stat[end...])
    else { return nil }
    let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
    cpuTime = ticks * 1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))
    peakMemory = memory * 1024
    self.threads = threads
    descriptors = files?.count ?? 0
  }

  /// User and system time, fields 14 and 15. The name, in parentheses, may contain spaces: `rest`
  /// starts at its closing parenthesis, field 2.
  private static func ticks(_ rest: Substring) -> UInt64? {
    let fields = rest.split(separator: " ")
    guard fields.count > 13, let user = UInt64(fields[12]), let system = UInt64(fields[13]) else {
      return nil
    }
    return user + system
  }

  private static func read(_ path: String) -> String? {
    (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) }
  }
}
