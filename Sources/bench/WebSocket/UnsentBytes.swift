import Common

/// A queue of bytes that a socket did not take yet: appended at its end, sent from its front.
///
/// Sending moves an offset and copies nothing. A message of 16 MiB leaves in several pieces, and
/// with four of them in flight, moving the rest to the front after each would cost many times their
/// size. Each byte is copied once, when it is appended.
struct UnsentBytes {
  /// The chunks as they were appended; those before `first` were sent, and are empty.
  private var chunks: [[UInt8]] = []
  private var first = 0
  /// How many bytes of the first chunk were sent.
  private var sent = 0

  var isEmpty: Bool { first == chunks.count }

  /// - Parameter more: at least one byte.
  mutating func append(_ more: UnsafeRawBufferPointer) {
    // A queue that is never empty must not grow forever. Moving the chunks is cheap: only
    // references move.
    if first > 64 && first > chunks.count / 2 {
      chunks.removeFirst(first)
      first = 0
    }
    chunks.append(Array(more))
  }

  /// Calls `send` with the next bytes, and removes as many as it returns.
  /// - Returns: whether it took all of them.
  /// - Precondition: the queue is not empty.
  mutating func sendFirst(
    _ send: (UnsafeRawBufferPointer) throws(SystemError) -> Int
  ) throws(SystemError) -> Bool {
    let chunk = chunks[first]
    let count = try chunk.span.extracting(sent...).withUnsafeBytes { bytes throws(SystemError) in
      try send(bytes)
    }
    sent += count
    guard sent == chunk.count else { return false }
    chunks[first] = []
    first += 1
    sent = 0
    if isEmpty { self = UnsentBytes() }
    return true
  }
}
