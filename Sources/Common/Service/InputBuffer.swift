import Glibc

/// What has arrived and is not done with: `[message so far][gap][unread bytes]`.
///
/// A WebSocket message is put together where its bytes lie, at the front; for HTTP the front is empty. A client of
/// whom nothing is waiting owns no memory here.
struct InputBuffer {
  private(set) var bytes: [UInt8] = []
  /// Where the message so far begins, and how long it is.
  private var front: UInt32 = 0
  private var frontCount: UInt32 = 0
  /// Where the unread bytes begin.
  private var cursor: UInt32 = 0

  init() {}

  init(_ bytes: Span<UInt8>) { append(bytes) }

  var unreadCount: Int { bytes.count - Int(cursor) }
  var unread: Range<Int> { Int(cursor)..<bytes.count }
  var message: Range<Int> { Int(front)..<Int(front + frontCount) }

  mutating func append(_ new: Span<UInt8>) {
    new.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Passes over the next `count` unread bytes.
  mutating func skip(_ count: Int) {
    cursor += UInt32(count)
    if frontCount == 0 { front = cursor }
  }

  /// Moves the next `count` unread bytes behind the message so far.
  mutating func moveToMessage(_ count: Int) {
    let end = Int(front + frontCount)
    if end != Int(cursor) {
      let source = Int(cursor)
      bytes.withUnsafeMutableBytes { raw in
        // In bounds: end < cursor, and the caller counts unread bytes only. memmove(3): they may overlap.
        _ = memmove(raw.baseAddress! + end, raw.baseAddress! + source, count)
      }
    }
    frontCount += UInt32(count)
    cursor += UInt32(count)
  }

  mutating func dropMessage() { (front, frontCount) = (cursor, 0) }

  /// Closes the gaps; gives the memory back where nothing is left.
  mutating func compact() {
    if bytes.isEmpty { return }
    let message = message
    if message.isEmpty && unreadCount == 0 {
      self = InputBuffer()
    } else {
      bytes.removeSubrange(message.upperBound..<Int(cursor))
      bytes.removeSubrange(..<message.lowerBound)
      (front, cursor) = (0, frontCount)
    }
  }

  /// Lets `body` change the next `count` unread bytes where they lie.
  mutating func withUnread<Result>(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) -> Result {
    let range = Int(cursor)..<Int(cursor) + count
    return bytes.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[range])) }
  }
}
