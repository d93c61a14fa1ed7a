// snippet: input
/// A buffer of received bytes that are still needed: `[message so far][gap][unread bytes]`.
///
/// A WebSocket message is put together at the front; for HTTP the front stays empty. A connection
/// for which nothing waits has no memory here.
public struct InputBuffer: Sendable {
  /// All bytes, the gap included; ``message`` and ``unread`` are ranges of it.
  public private(set) var bytes: [UInt8] = []
  /// The start and the length of the message so far.
  private var front: UInt32 = 0
  private var frontCount: UInt32 = 0
  /// The range of the unread bytes.
  private var cursor: UInt32 = 0
  private var end: UInt32 = 0

  /// Creates an empty buffer.
  public init() {}

  /// Creates a buffer with a copy of these bytes, unread.
  public init(_ bytes: Span<UInt8>) { append(bytes) }

  /// Whether there is neither a message nor an unread byte.
  public var isEmpty: Bool { frontCount == 0 && cursor == end }
  /// The number of unread bytes.
  public var unreadCount: Int { Int(end - cursor) }
  /// The range of the unread bytes in ``bytes``.
  public var unread: Range<Int> { Int(cursor)..<Int(end) }
  /// The range of the message so far in ``bytes``.
  public var message: Range<Int> { Int(front)..<Int(front + frontCount) }

  /// Appends a copy of these bytes.
  public mutating func append(_ new: Span<UInt8>) {
    new.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    end = UInt32(bytes.count)
  }

  /// Takes over the array `room`, without copying it, and makes its first `count` bytes unread.
  /// Give it back with ``giveBack(_:)``. Only an empty buffer can borrow.
  public mutating func borrow(_ room: inout [UInt8], _ count: Int) {
    precondition(isEmpty && count <= room.count)
    self = InputBuffer()
    swap(&bytes, &room)
    end = UInt32(count)
  }

  /// Gives the array back, and keeps a copy of the bytes that are still needed.
  public mutating func giveBack(_ room: inout [UInt8]) {
    swap(&bytes, &room)
    if !isEmpty { bytes = Array(room[message] + room[unread]) }
    (front, cursor, end) = (0, frontCount, UInt32(bytes.count))
  }

  /// Skips the next `count` unread bytes.
  public mutating func skip(_ count: Int) {
    cursor += UInt32(count)
    if frontCount == 0 { front = cursor }
  }

  /// Appends the next `count` unread bytes to the message so far.
  public mutating func moveToMessage(_ count: Int) {
    let end = Int(front + frontCount)
    if end != Int(cursor) {
      let source = Int(cursor)
      bytes.withUnsafeMutableBytes { raw in
        // In bounds: end < cursor, and the caller counts unread bytes only. The ranges may overlap,
        // which copyMemory allows.
        let base = raw.baseAddress!
        (base + end).copyMemory(from: base + source, byteCount: count)
      }
    }
    frontCount += UInt32(count)
    cursor += UInt32(count)
  }

  /// Calls `body` with the message so far.
  @inline(__always)
  public func withMessage<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(message))
  }

  /// Drops the message.
  public mutating func dropMessage() { (front, frontCount) = (cursor, 0) }

  /// Drops everything.
  public mutating func dropAll() { (front, frontCount, cursor) = (end, 0, end) }

  /// Closes the gaps, or frees the memory if nothing is left. It moves every byte that is kept, so
  /// call it when more bytes are needed, not after each message.
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

  /// Lets `body` change the next `count` unread bytes in place.
  public mutating func withUnread<Result>(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) -> Result {
    let range = Int(cursor)..<Int(cursor) + count
    return bytes.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[range])) }
  }
}
// snippet: end
