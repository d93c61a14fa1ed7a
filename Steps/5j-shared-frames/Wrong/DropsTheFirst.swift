// expect: A reads again, and a frame is broken
// file: WriteQueue.swift
/// What the kernel has not taken yet: references to frames, which all receivers share.
struct WriteQueue {
  private var frames: [[UInt8]] = []
  /// How much of the first one is sent.
  private var sent = 0
  /// Bytes that wait.
  private(set) var count = 0

  var first: ArraySlice<UInt8>? { frames.first?[sent...] }

  mutating func append(_ frame: [UInt8]) {
    count += frame.count
    frames.append(frame)
  }

  /// The kernel took this many bytes of the first one.
  mutating func remove(_ bytes: Int) {
    count -= bytes
    sent += bytes
    if sent < frames[0].count { return }
    frames.removeFirst()
    sent = 0
  }

  /// Drops whole frames, and never the first one: the client may have half of it.
  mutating func dropOldest(until limit: Int) {
    while count > limit && frames.count > 1 {
      count -= frames.removeFirst().count - sent
      sent = 0
    }
  }
}
