import CLinux
import Glibc
import Synchronization

/// A record of what each thread of this process does, when, and for which client: `--trace FILE`.
///
/// **Theory of operation.** The common module wraps every wait and every client's system call in
/// ``span(_:_:_:)``, so the chapters contain no trace points. While tracing is off, a trace point
/// costs a load and a branch. While it is on, a trace point reads the clock before and after, and
/// puts 24 bytes into its thread's ring (``TraceLane``), without a lock. Another thread empties the
/// rings and writes the file (``TraceFile``).
///
/// A thread does one thing at a time, so the segments of a lane never overlap. Between two calls
/// the thread handles what it has read: this segment begins with ``handle()``, and ends where the
/// next event begins.
public enum Trace {
  /// The kinds of events.
  public enum Kind: String, Sendable {
    case accept, read, handle, write, burn, close
    /// The thread waits for a client, or for any of them.
    case wait
    /// The thread sleeps until the slow backend answers.
    case pause
    /// A client waits for the slow backend while the thread serves others.
    case aside
  }

  /// Whether events are recorded. Atomic, because another thread turns it off when the disk is
  /// full.
  public static let isOn = Atomic(false)
  private static let lastClient = Atomic<UInt32>(0)
  /// The number of the client that has each descriptor, or had it last; 0 if there was none. The
  /// kernel reuses the numbers of descriptors.
  nonisolated(unsafe) private static let clients = {
    let memory = calloc(descriptorLimit, MemoryLayout<Atomic<UInt32>>.size)!
    return UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Atomic<UInt32>.self, capacity: descriptorLimit),
      count: descriptorLimit)
  }()

  /// Runs `body`, and records how long that took.
  /// - Parameter number: the descriptor that `body` uses; `nil` if the thread continues with the
  ///   same client.
  /// - Throws: what `body` throws.
  @inline(__always)
  public static func span<Result, Failure: Error>(
    _ kind: Kind, _ number: Int32? = nil, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if !isOn.load(ordering: .relaxed) { return try body() }
    return try record(kind, number, body)
  }

  @inline(never)
  private static func record<Result, Failure: Error>(
    _ kind: Kind, _ number: Int32?, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let lane = TraceLane.current
    let start = lane.beginEvent()
    if let number { lane.client = client(number) }
    if kind == .close && lane.client == 0 { return try body() }
    defer { lane.endEvent(kind, since: start) }
    return try body()
  }

  private static func client(_ number: Int32) -> UInt32 {
    clients.indices ~= Int(number) ? clients[Int(number)].load(ordering: .relaxed) : 0
  }

  /// Numbers a new client, if accept4(2) has returned one.
  /// - Returns: `number`.
  @inline(__always)
  public static func welcome(_ number: Int32) -> Int32 {
    if isOn.load(ordering: .relaxed), clients.indices ~= Int(number) {
      let client = lastClient.add(1, ordering: .relaxed).newValue
      clients[Int(number)].store(client, ordering: .relaxed)
      TraceLane.current.client = client
    }
    return number
  }

  /// Notes that the thread begins to handle what it read last.
  @inline(__always)
  public static func handle() {
    if isOn.load(ordering: .relaxed) { TraceLane.current.beginHandling() }
  }

  /// Notes that a client, the one that the thread last read from or wrote to, begins to wait for
  /// the slow backend.
  /// - Returns: the wait; `nil` if nothing is recorded.
  @inline(__always)
  public static func pause() -> Pause? {
    isOn.load(ordering: .relaxed) ? Pause(TraceLane.current) : nil
  }

  /// A client's wait for the slow backend. It ends with this value: the request continues, or the
  /// client is gone.
  public struct Pause: ~Copyable {
    private let client: UInt32
    private let start: UInt64

    init(_ lane: TraceLane) {
      client = lane.client
      start = lane.beginEvent()
    }

    deinit {
      let lane = TraceLane.current
      // If the thread has recorded nothing else since the start, it was asleep.
      let kind = lane.lastTime == start ? Kind.pause : .aside
      lane.beginHandling()
      lane.client = client
      lane.put(kind, start, lane.lastTime)
    }
  }
}
