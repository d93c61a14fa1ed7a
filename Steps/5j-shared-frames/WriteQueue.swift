/// The frames that the kernel has not taken yet, as references that all receivers share.
struct WriteQueue {
  private var frames: [[UInt8]] = []
  /// The number of bytes of the first frame that were sent.
  private var sent = 0
  /// The number of bytes that wait.
  private(set) var count = 0

  var first: ArraySlice<UInt8>? { frames.first?[sent...] }

  mutating func append(_ frame: [UInt8]) {
    count += frame.count
    frames.append(frame)
  }

  /// Removes this many bytes, which the kernel took, from the first frame.
  mutating func remove(_ bytes: Int) {
    count -= bytes
    sent += bytes
    if sent < frames[0].count { return }
    frames.removeFirst()
    sent = 0
  }

  /// Drops whole frames, but never the first one: the client may have half of it.
  mutating func dropOldest(until limit: Int) {
    while count > limit && frames.count > 2 { count -= frames.remove(at: 1).count }
  }
}
