import Glibc

/// An error while starting a program or making its pipes: the action, and the kernel's reason.
public struct ChildProcessError: Error, CustomStringConvertible {
  public let action: String
  /// An `errno` value (errno(3)).
  public let code: Int32

  init(_ action: String, _ code: Int32) { (self.action, self.code) = (action, code) }

  public var description: String { "cannot \(action): \(String(cString: strerror(code)))" }
}
