// snippet: budget
/// The work that one client may cause before its loop serves the others.
///
/// Counting reads would not do: one read of 64 KiB holds up to four thousand messages, and each of
/// them may be a broadcast to a thousand clients. So the budget counts the work itself: bytes that
/// are read or written, and frames that are delivered.
public struct Budget: Sendable {
  /// In bytes. It lasts for a few milliseconds at most, however small the messages are.
  private var left = 256 * 1024
  /// Delivering a frame is a system call, which takes about as long as copying this many bytes.
  private static let bytesPerDelivery = 1024

  /// Creates a full budget.
  public init() {}

  /// Whether the other clients should be served now.
  public var isSpent: Bool { left <= 0 }

  /// Counts bytes that were read or written.
  public mutating func spend(bytes: Int) { left -= bytes }
  /// Counts frames that were delivered to other clients.
  public mutating func spend(deliveries: Int) { left -= deliveries * Self.bytesPerDelivery }
}
// snippet: end
