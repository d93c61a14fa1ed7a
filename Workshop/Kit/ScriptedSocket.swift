import Glibc

/// A socket whose peer follows a script, which says what each `read` finds and how much each
/// `write` takes.
///
/// Its methods return what the system calls return: a count, 0 at the end of the stream, or -1 with
/// the reason in `errno`.
public final class ScriptedSocket: @unchecked Sendable {
  // Unchecked: a check uses it from one thread at a time.
  public enum Step: Sendable {
    /// For a `read`: bytes that have arrived from the peer.
    case bytes([UInt8])
    /// For a `write`: the number of bytes that it takes.
    case room(Int)
    /// The call returns -1 and sets `errno` to this code.
    case error(Int32)
    /// The peer is done: from now on, read(2) returns 0.
    case end
  }

  private var reads: [Step]
  private var writes: [Step]
  /// Everything that the learner's code has written.
  public private(set) var written: [UInt8] = []
  /// The number of calls to `read` and `write`.
  public private(set) var calls = 0

  /// - Parameters:
  ///   - reads: one step for each `read`. After the last one, the stream ends.
  ///   - writes: one step for each `write`. After the last one, there is room for everything.
  public init(reads: [Step] = [], writes: [Step] = []) {
    self.reads = reads
    self.writes = writes
    Events.start("system calls:")
  }

  /// Works like read(2): puts bytes that have arrived at the front of the buffer, as many as fit.
  public func read(into buffer: inout [UInt8]) -> Int {
    count("read")
    switch reads.first ?? .end {
    case .bytes(let bytes):
      let part = bytes.prefix(buffer.count)
      buffer.replaceSubrange(0..<part.count, with: part)
      reads[0] = .bytes(Array(bytes.dropFirst(part.count)))
      if part.count == bytes.count { reads.removeFirst() }
      Events.add("read = \(part.count)  \(show(part))")
      return part.count
    case .error(let code):
      reads.removeFirst()
      return failing("read", code)
    case .end, .room:
      Events.add("read = 0  (end of stream)")
      return 0
    }
  }

  /// Works like write(2): takes as many bytes as there is room for, often fewer than it is offered.
  public func write(_ bytes: ArraySlice<UInt8>) -> Int {
    count("write")
    let step = writes.isEmpty ? Step.room(bytes.count) : writes.removeFirst()
    if case .error(let code) = step { return failing("write", code) }
    let part = if case .room(let count) = step { bytes.prefix(count) } else { bytes.prefix(0) }
    written += part
    Events.add("write(\(bytes.count) bytes) = \(part.count)  \(show(part))")
    return part.count
  }

  private func failing(_ call: String, _ code: Int32) -> Int {
    Events.add("\(call) = -1  (\(String(cString: strerror(code))))")
    errno = code
    return -1
  }

  /// Fails if a loop never looks at the result and would therefore be endless.
  private func count(_ call: String) {
    calls += 1
    if calls > 10_000 {
      fail(
        "\(call) was called again and again",
        "This loop never ends, and while it runs, no client is served. A loop around \(call) must "
          + "stop when it can make no more progress: "
          + (call == "read"
            ? "when it returns 0, or when it fails with an error that won't go away."
            : "when it fails with an error that won't go away.")
      )
    }
  }
}
