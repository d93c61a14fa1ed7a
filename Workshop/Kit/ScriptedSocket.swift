import Glibc

/// A socket whose peer follows a script: what each `read` finds, and how much each `write` takes.
///
/// It answers like the system calls do: a count, 0 at the end of the stream, or -1 with the reason
/// in `errno`.
public final class ScriptedSocket: @unchecked Sendable {
  // Unchecked: a check uses it from one thread at a time.
  public enum Step: Sendable {
    /// The peer's bytes, as far as they are there; for a `write`, room for so many.
    case bytes([UInt8])
    case room(Int)
    /// -1 and this in `errno`.
    case error(Int32)
    /// The peer is done (read(2) returns 0), now and for ever.
    case end
  }

  private var reads: [Step]
  private var writes: [Step]
  /// What the learner's code has written.
  public private(set) var written: [UInt8] = []
  /// How often it has called `read` and `write`.
  public private(set) var calls = 0

  /// - Parameters:
  ///   - reads: one per `read`. After the last one the stream ends.
  ///   - writes: one per `write`. After the last one there is room for everything.
  public init(reads: [Step] = [], writes: [Step] = []) {
    self.reads = reads
    self.writes = writes
    Events.start("system calls:")
  }

  /// read(2): fills the front of the buffer with what is there, at most as much as fits.
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

  /// write(2): takes what there is room for, often less than it is offered.
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

  /// A loop that never looks at the result is endless. There is no need to wait for that.
  private func count(_ call: String) {
    calls += 1
    if calls > 10_000 {
      fail(
        "\(call) is called again and again",
        "A loop around \(call) must end where it can get no further: "
          + (call == "read"
            ? "when it returns 0, and at an error that stays." : "at an error that stays.")
      )
    }
  }
}
