import Glibc

/// A program that could not be started: the call and the kernel's reason.
public struct ChildProcessError: Error, CustomStringConvertible {
  public let action: String
  /// As in errno(3).
  public let code: Int32

  init(_ action: String, _ code: Int32) { (self.action, self.code) = (action, code) }

  public var description: String { "cannot \(action): \(String(cString: strerror(code)))" }
}
