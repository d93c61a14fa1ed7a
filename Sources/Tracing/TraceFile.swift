import CLinux
import Glibc
import Synchronization

/// The file of a trace, in Chrome's trace-event format, which Perfetto and chrome://tracing open.
///
/// The file is complete JSON at any time, however the process ends: new events are written over the
/// closing brackets of the old ones and have their own, by a pwrite(2) that is no longer than a
/// page.
public final class TraceFile: @unchecked Sendable {
  // Unchecked: what changes is touched only while holding the mutex.
  /// Set before ``Trace/isOn``.
  nonisolated(unsafe) private static var shared: TraceFile?
  static var current: TraceFile? { Trace.isOn.load(ordering: .acquiring) ? shared : nil }
  private static let isOver = Atomic(false)
  private static let closing = Array("\n]}\n".utf8)

  private let (program, path): (String, String)
  private let file: Int32
  private let started = monotonicNanoseconds()
  private let mutex = TraceMutex()
  /// The lanes, each with the members that its events share.
  private var lanes: [(lane: TraceLane, thread: String)] = []
  private var text: [UInt8] = []
  /// The offset of the closing brackets.
  private var end = 0

  /// Opens the file and records from here on, until the process ends. Call it before the threads
  /// start.
  /// - Throws: ``TraceError`` if the file cannot be opened, or the thread that writes it cannot be
  ///   started.
  public static func start(_ path: String, program: String) throws(TraceError) {
    let file = try TraceFile(path, program)
    // A file that may grow no more is an error of pwrite(2), and not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    shared = file
    Trace.isOn.store(true, ordering: .releasing)
    atexit { TraceFile.current?.flush() }
    try startThread()
  }

  /// Writes every 20 ms what the rings hold, on a thread that never ends.
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

  /// Ends the process, after the last events of a trace are written. May be called from a signal's
  /// handler, which may not write them itself: it may have interrupted just that.
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
    // libdispatch names its threads after queues, of whose names only the end fits.
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
      // A separate row, below the lanes: a begin and an end belong together by category and number.
      // The number is this process's: Perfetto shows what has only an `id` apart from all
      // processes.
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

  /// A number in units of its last decimal: nanoseconds; the format has microseconds.
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

  /// If the disk is full, the trace ends, and the server continues. The old brackets have their
  /// place on the disk already.
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

  /// pwrite(2) over the closing brackets, until all is written; returns the error that ended it.
  /// The first call may write a part, and only the next one says why.
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

  /// Prints one line on standard error. If that is a full pipe, it prints none: the server would
  /// wait for its reader.
  private func report(_ error: TraceError) {
    var standardError = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&standardError, 1, 0) == 1 else { return }
    let line = Array("\(program): \(error); the trace ends here\n".utf8)
    _ = Glibc.write(STDERR_FILENO, line, line.count)
  }
}
