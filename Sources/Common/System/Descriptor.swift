import Glibc
import Tracing

/// An open file descriptor. The value owns it: it is closed exactly once, when the value is
/// destroyed.
public struct Descriptor: ~Copyable, Sendable {
  /// The kernel's number for it.
  public let number: Int32

  public init(owning number: Int32) { self.number = number }

  /// How many descriptors this process may have open (getrlimit(2) `RLIMIT_NOFILE`), a million at
  /// most. A table can reserve room for all of them, so that it never has to grow: memory that was
  /// never touched costs nothing.
  public static var limit: Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(min(limit.rlim_cur, 1 << 20))
  }

  // close(2) is never retried: even after an error the descriptor is gone.
  deinit { _ = Trace.span(.close, number) { close(number) } }
}
