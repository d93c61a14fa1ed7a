import Glibc

/// The head of the last response that arrived in one piece, and what it meant.
///
/// The next response usually has the same head, byte for byte. Equal bytes mean the same, so one
/// memcmp(3) replaces parsing: status line and Content-Length are still checked every time.
struct RememberedHead: ~Copyable {
  private let bytes: UnsafeMutableRawPointer
  private var headBytes = 0
  private(set) var bodyBytes = 0
  private(set) var status = 0
  private(set) var isPersistent = false

  /// - Parameter capacity: the greatest length of a head.
  init(capacity: Int) { bytes = .allocate(byteCount: capacity, alignment: 64) }

  deinit { bytes.deallocate() }

  /// Whether `response` is this head with a body as long as it says.
  @inline(__always)
  func matches(_ response: UnsafeRawBufferPointer) -> Bool {
    guard headBytes > 0, response.count == headBytes + bodyBytes, let start = response.baseAddress
    else { return false }
    return memcmp(start, bytes, headBytes) == 0
  }

  /// Keeps the head of a complete response if `response` holds nothing else.
  mutating func remember(_ response: UnsafeRawBufferPointer, parsedBy parser: ResponseParser) {
    guard let head = parser.head, let start = response.baseAddress,
      response.count == parser.headBytes + parser.bodyBytes
    else { return }
    headBytes = parser.headBytes
    bodyBytes = parser.bodyBytes
    status = head.status
    isPersistent = head.isPersistent
    bytes.copyMemory(from: start, byteCount: headBytes)
  }
}
