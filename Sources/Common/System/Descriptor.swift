import Glibc

/// An open file descriptor. Whoever holds the value owns it; it is closed exactly once, when the value ends.
public struct Descriptor: ~Copyable, Sendable {
  public let number: Int32

  public init(owning number: Int32) { self.number = number }

  // close(2): after an error the descriptor is gone all the same, so it is never retried.
  deinit { _ = close(number) }
}
