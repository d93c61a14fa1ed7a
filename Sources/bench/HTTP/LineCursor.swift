/// Walks over the lines of a head.
struct LineCursor {
  private var position = 0

  /// The next line without its line break, or `nil` after the last one. A bare LF also ends a line
  /// (RFC 9112 section 2.2).
  mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
    let start = position
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    guard end < bytes.count else { return nil }
    position = end + 1
    let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
    return start..<(hasReturn ? end - 1 : end)
  }
}
