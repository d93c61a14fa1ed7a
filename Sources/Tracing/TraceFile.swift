import CLinux
import Glibc
import Synchronization

/// A trace file in Chrome's trace-event format, which Perfetto and chrome://tracing can open.
///
/// The file is complete JSON at any time, however the process ends: each pwrite(2) overwrites the
/// closing brackets with new events and new brackets, and is no longer than a page.
public final class TraceFile: @unchecked Sendable {
  // Unchecked: the variables are touched only while holding the mutex.
  /// Set before ``Trace/isOn`` becomes true.
  nonisolated(unsafe) private static var shared: TraceFile?
  static var current: TraceFile? { Trace.isOn.load(ordering: .acquiring) ? shared : nil }
  private static let isOver = Atomic(false)
  private static let closing = Array("\n]}\n".utf8)

  private let (program, path): (String, String)
  private let file: Int32
  private let started = monotonicNanoseconds()
  private let mutex = TraceMutex()
  /// The lanes, each with the JSON members that all its events share.
  private var lanes: [(lane: TraceLane, thread: String)] = []
  private var text: [UInt8] = []
  /// The offset of the closing brackets.
  private var end = 0

  /// Opens the file and starts recording, until the process ends. Call it before other threads are
  /// started.
  /// - Throws: ``TraceError`` if the file cannot be opened, or the thread that writes it cannot be
  ///   started.
  public static func start(_ path: String, program: String) throws(TraceError) {
    let file = try TraceFile(path, program)
    // At the size limit (setrlimit(2) `RLIMIT_FSIZE`), pwrite(2) should fail; the signal would end
    // the process.
    signal(SIGXFSZ, SIG_IGN)
    shared = file
    Trace.isOn.store(true, ordering: .releasing)
    atexit { TraceFile.current?.flush() }
    try startThread()
  }

  /// Starts a thread that writes what the rings hold, every 20 ms until the process or the trace
  /// ends.
  private static func startThread() throws(TraceError) {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { _ in
        pthread_setname_np(pthread_self(), "trace")
        var isLast = false
        repeat {
          usleep(20_000)
          isLast = TraceFile.isOver.load(ordering: .sequentiallyConsistent)
          TraceFile.shared?.flush()
        } while !isLast && Trace.isOn.load(ordering: .sequentiallyConsistent)
        if TraceFile.isOver.load(ordering: .sequentiallyConsistent) { _exit(0) }
        return nil
      }, nil)
    if status != 0 { throw TraceError(what: "pthread_create", code: status) }
    pthread_detach(thread)
  }

  /// Ends the process after the last events of a trace are written. May be called from a signal
  /// handler: it only asks the writing thread to end the process, because it may have interrupted
  /// that thread in the middle of a write.
  public static func exit() {
    isOver.store(true, ordering: .sequentiallyConsistent)
    if !Trace.isOn.load(ordering: .sequentiallyConsistent) { _exit(0) }
  }

  private init(_ path: String, _ program: String) throws(TraceError) {
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw TraceError(what: path, code: errno) }
    (self.path, self.program) = (path, program)
    let process =
      #""name":"process_name","ph":"M","pid":\#(getpid()),"args":{"name":"\#(program)"}"#
    text += "{\"traceEvents\":[\n{\(process)}".utf8
  }

  /// Adds the calling thread's lane.
  func add(_ lane: TraceLane) {
    var bytes = [CChar](repeating: 0, count: 16)
    pthread_getname_np(pthread_self(), &bytes, bytes.count)
    var name = bytes.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    // libdispatch names its threads after queues, and only the end of such a name fits.
    if name.contains("-qos") { name = "dispatch" }
    let thread = #""pid":\#(getpid()),"tid":\#(gettid())"#
    mutex.withLock {
      lanes.append((lane, thread))
      text += #",\#n{"name":"thread_name","ph":"M","args":{"name":"\#(name)"},\#(thread)}"#.utf8
      writeIfLong()
    }
  }

  /// Writes what the rings hold.
  func flush() {
    mutex.withLock {
      for (lane, thread) in lanes {
        let isComplete = lane.isComplete.load(ordering: .acquiring)
        let lost = lane.takeAll { append($0, thread) }
        if lost > 0 {
          append("\(lost) events lost", "i", at: monotonicNanoseconds(), 0, thread)
          text += "}".utf8
        }
        if isComplete { lanes.removeAll { $0.lane === lane } }
      }
      writeText()
    }
  }

  private func append(_ event: TraceLane.Event, _ thread: String) {
    let client = UInt64(event.client)
    if event.kind == .aside {
      // Drawn in a separate row, below the lanes. A begin and an end belong together if they have
      // the same category and id. The id is local to this process: Perfetto shows events with a
      // plain `id` apart from all processes.
      for (phase, time) in [("b", event.start), ("e", event.end)] {
        append("pause", phase, at: time, client, thread)
        append(",\"cat\":\"client\",\"id2\":{\"local\":\"", client, decimals: 0)
        text += "\"}}".utf8
      }
    } else {
      append(event.kind.rawValue, "X", at: event.start, client, thread)
      append(",\"dur\":", event.end - event.start, decimals: 3)
      text += "}".utf8
    }
    writeIfLong()
  }

  private func append(
    _ name: String, _ phase: String, at time: UInt64, _ client: UInt64, _ thread: String
  ) {
    for part in [",\n{\"name\":\"", name, "\",\"ph\":\"", phase, "\",", thread] {
      text += part.utf8
    }
    append(",\"ts\":", time - started, decimals: 3)
    if client > 0 {
      append(",\"args\":{\"client\":", client, decimals: 0)
      text += "}".utf8
    }
  }

  /// Appends a number whose unit is its last decimal: the times are in nanoseconds, and the format
  /// wants microseconds.
  private func append(_ label: String, _ number: UInt64, decimals: Int) {
    text += label.utf8
    append(number, decimals)
  }

  private func append(_ number: UInt64, _ decimals: Int) {
    if number > 9 || decimals > 0 { append(number / 10, decimals - 1) }
    if decimals == 1 { text.append(UInt8(ascii: ".")) }
    text.append(UInt8(48 + number % 10))
  }

  /// Writes before another event could make the text longer than a page.
  private func writeIfLong() { if text.count > 3072 { writeText() } }

  /// Writes the text. If the disk is full, the trace ends and the server continues: the file is cut
  /// back to its last complete state, for which it has room.
  private func writeText() {
    defer { text.removeAll(keepingCapacity: true) }
    if text.isEmpty || !Trace.isOn.load(ordering: .relaxed) { return }
    guard let code = write(text + Self.closing) else {
      end += text.count
      return
    }
    report(TraceError(what: path, code: code))
    Trace.isOn.store(false, ordering: .sequentiallyConsistent)
    ftruncate(file, end)
    _ = write(Self.closing)
  }

  /// Overwrites the closing brackets with pwrite(2). Returns the error if not everything was
  /// written: a call that writes only a part does not say why, but the next one does.
  private func write(_ bytes: [UInt8]) -> Int32? {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(file, $0.baseAddress! + written, $0.count - written, end + written)
      }
      if count == -1 && errno == EINTR { continue }
      if count < 1 { return count == 0 ? ENOSPC : errno }
      written += count
    }
    return nil
  }

  /// Prints one line on standard error, unless that is a full pipe: the server would wait for its
  /// reader.
  private func report(_ error: TraceError) {
    var standardError = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&standardError, 1, 0) == 1 else { return }
    let line = Array("\(program): \(error); the trace ends here\n".utf8)
    _ = Glibc.write(STDERR_FILENO, line, line.count)
  }
}
