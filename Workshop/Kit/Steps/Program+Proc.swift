import Glibc

/// Facts about the program from /proc; see proc(5).
extension Program {
  /// The number of its threads.
  public var threads: Int { entries("task").count }

  /// The number of its open descriptors.
  public var descriptors: Int { entries("fd").count }

  /// The bytes of memory that it uses (`VmRSS`), and the size of its address space (`VmSize`).
  public var memory: Int { number("VmRSS:", in: "status") * 1024 }
  public var addressSpace: Int { number("VmSize:", in: "status") * 1024 }

  /// The CPU time that all its threads have used so far.
  public var cpuTime: Duration {
    var (clock, time) = (clockid_t(), timespec())
    clock_getcpuclockid(process, &clock)
    clock_gettime(clock, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Measures the CPU time that it uses while the check does nothing. A program that waits uses
  /// none; a program that spins uses all it can get.
  ///
  /// Returns three times the quietest third, so that work that is just finishing does not count.
  public func cpuTime(during silence: Duration) -> Duration {
    let thirds = (1...3).map { _ in
      let before = cpuTime
      pause(silence / 3)
      return cpuTime - before
    }
    return thirds.min()! * 3
  }

  /// Waits until every thread of the program is blocked and it has done nothing for this long.
  /// Returns false if it is still busy after two seconds: it spins.
  ///
  /// A program that has settled does nothing more until something new happens, unless it waits for
  /// a point in time, such as a `--delay` or a deadline.
  @discardableResult
  public func settle(for quiet: Duration = .milliseconds(3)) -> Bool {
    let clock = ContinuousClock()
    let limit = clock.now + .seconds(2)
    var (last, since) = (activity, clock.now)
    while clock.now < limit {
      pause(.milliseconds(1))
      let current = activity
      if current == nil || current != last { (last, since) = (current, clock.now) }
      if last != nil && clock.now - since >= quiet { return true }
      if !isRunning { return true }
    }
    return false
  }

  /// A number that changes whenever a thread runs; `nil` while one is running.
  var activity: Int? {
    var switches = 0
    for thread in entries("task") {
      guard let status = contents("task/\(thread)/status") else { continue }
      if field("State:", in: status)?.first != "S" { return nil }
      switches += field("voluntary_ctxt_switches:", in: status).flatMap { Int($0) } ?? 0
      switches += field("nonvoluntary_ctxt_switches:", in: status).flatMap { Int($0) } ?? 0
    }
    return switches
  }

  private func number(_ key: String, in file: String) -> Int {
    contents(file).flatMap { field(key, in: $0) }.flatMap { Int($0) } ?? 0
  }

  /// Returns the first word after a key at the start of a line.
  private func field(_ key: String, in text: String) -> Substring? {
    text.split(separator: "\n").first { $0.hasPrefix(key) }?.dropFirst(key.count)
      .split(whereSeparator: \.isWhitespace).first
  }

  private func contents(_ file: String) -> String? { readText("/proc/\(process)/\(file)") }

  private func entries(_ folder: String) -> [String] { names(in: "/proc/\(process)/\(folder)") }
}

/// Sleeps for this long.
func pause(_ time: Duration) {
  let (seconds, attoseconds) = time.components
  var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
  nanosleep(&time, nil)
}

func readText(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  if descriptor == -1 { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 * 1024)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += chunk[..<count]
  }
}

func names(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names
}

extension Waiting {
  /// Lets time pass, for checks that are about time.
  public static func pause(_ time: Duration) { Kit.pause(time) }

  /// Waits until a condition holds. If that never happens, the part's deadline ends the wait.
  public static func until(_ what: String, _ condition: () -> Bool) {
    Self.for(what) { while !condition() { pause(.milliseconds(2)) } }
  }
}
