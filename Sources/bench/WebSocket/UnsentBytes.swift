/// A queue of bytes that a socket did not take yet: appended at its end, sent from its front.
///
/// Sending moves an offset and copies nothing. A message of 16 MiB leaves in some hundred pieces, and moving its rest
/// to the front after each would cost a hundred times its size. The bytes are copied once, when they are appended.
struct UnsentBytes {
  private var bytes: [UInt8] = []
  /// How many at the front were sent.
  private var sent = 0

  var isEmpty: Bool { bytes.isEmpty }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    // A queue that is never empty must not grow forever: the front goes when it is the larger half, so that a byte is
    // moved once on average.
    if sent > bytes.count / 2 {
      bytes.removeFirst(sent)
      sent = 0
    }
    bytes += more
  }

  /// The bytes to send next: all of them.
  func withFirst<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    try bytes.span.extracting(sent...).withUnsafeBytes(body)
  }

  /// They were sent. An empty queue gives its memory back.
  mutating func removeFirst(_ count: Int) {
    sent += count
    if sent == bytes.count { self = UnsentBytes() }
  }
}
