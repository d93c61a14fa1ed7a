// snippet: budget
/// The work that one client may cause before its loop serves the others.
///
/// A count of reads says nothing: one read of 64 KiB holds four thousand messages, and each of them
/// may be a broadcast to a thousand clients. So what counts is the work itself: bytes that were
/// read or written, and frames that were delivered.
public struct Budget: Sendable {
  /// In bytes. At most some milliseconds, however small the messages are.
  private var left = 256 * 1024
  /// Delivering a frame is a system call, which takes about as long as copying this many bytes.
  private static let bytesPerDelivery = 1024

  /// Creates a full budget.
  public init() {}

  /// Whether it is the others' turn now.
  public var isSpent: Bool { left <= 0 }

  /// Counts bytes that were read or written.
  public mutating func spend(bytes: Int) { left -= bytes }
  /// Counts frames that were given to other clients.
  public mutating func spend(deliveries: Int) { left -= deliveries * Self.bytesPerDelivery }
}
// snippet: end
