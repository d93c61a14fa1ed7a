import Glibc

/// What has arrived and is not done with: `[message so far][gap][unread bytes]`.
///
/// A WebSocket message is put together where its bytes lie, at the front; for HTTP the front is empty. A client of
/// whom nothing is waiting owns no memory here.
public struct InputBuffer {
  public private(set) var bytes: [UInt8] = []
  /// Where the message so far begins, and how long it is.
  private var front: UInt32 = 0
  private var frontCount: UInt32 = 0
  /// Where the unread bytes begin and end.
  private var cursor: UInt32 = 0
  private var end: UInt32 = 0

  public init() {}

  public init(_ bytes: Span<UInt8>) { append(bytes) }

  public var isEmpty: Bool { frontCount == 0 && cursor == end }
  public var unreadCount: Int { Int(end - cursor) }
  public var unread: Range<Int> { Int(cursor)..<Int(end) }
  public var message: Range<Int> { Int(front)..<Int(front + frontCount) }

  public mutating func append(_ new: Span<UInt8>) {
    new.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    end = UInt32(bytes.count)
  }

  /// Reads the first `count` bytes of `room` where they lie: until it is given back, this has it.
  public mutating func borrow(_ room: inout [UInt8], _ count: Int) {
    precondition(isEmpty && count <= room.count)
    self = InputBuffer()
    swap(&bytes, &room)
    end = UInt32(count)
  }

  /// Keeps a copy of what is not done with.
  public mutating func giveBack(_ room: inout [UInt8]) {
    swap(&bytes, &room)
    bytes = isEmpty ? [] : Array(room[message] + room[unread])
    (front, cursor, end) = (0, frontCount, UInt32(bytes.count))
  }

  /// Passes over the next `count` unread bytes.
  public mutating func skip(_ count: Int) {
    cursor += UInt32(count)
    if frontCount == 0 { front = cursor }
  }

  /// Moves the next `count` unread bytes behind the message so far.
  public mutating func moveToMessage(_ count: Int) {
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

  public mutating func dropMessage() { (front, frontCount) = (cursor, 0) }

  public mutating func dropAll() { (front, frontCount, cursor) = (end, 0, end) }

  /// Closes the gaps; gives the memory back where nothing is left.
  public mutating func compact() {
    if bytes.isEmpty { return }
    let message = message
    if isEmpty {
      self = InputBuffer()
    } else {
      bytes.removeSubrange(message.upperBound..<Int(cursor))
      bytes.removeSubrange(..<message.lowerBound)
      (front, cursor, end) = (0, frontCount, UInt32(bytes.count))
    }
  }

  /// Lets `body` change the next `count` unread bytes where they lie.
  public mutating func withUnread<Result>(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) -> Result {
    let range = Int(cursor)..<Int(cursor) + count
    return bytes.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[range])) }
  }
}
