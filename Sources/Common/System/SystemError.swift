import Glibc
import Tracing

/// A system call that failed: which one, and why.
public struct SystemError: Error, Equatable, CustomStringConvertible {
  /// The call as the manual names it, for example `accept4`.
  public let call: String
  /// `errno` as the call left it (errno(3)).
  public let code: Int32

  public init(call: String, code: Int32 = errno) {
    self.call = call
    self.code = code
  }

  public var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// Runs a system call, retries it after `EINTR` (signal(7)), and returns its result.
///
/// ``attempt(_:_:)`` does the same. Calls with a timeout handle `EINTR` themselves.
/// - Throws: ``SystemError`` with the call's name and `errno` if the call failed.
@discardableResult
@inline(__always)
public func check<Result: BinaryInteger>(
  _ name: StaticString, _ call: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    if errno != EINTR { throw SystemError(call: name.description) }
  }
}

/// Runs a system call on a non-blocking descriptor, like ``check(_:_:)``; returns `nil` for "not
/// now" (`EAGAIN`).
///
/// No other code has to know what `EAGAIN` means.
/// - Throws: ``SystemError`` with the call's name and `errno` if the call failed for any other
///   reason.
@inline(__always)
public func attempt<Result: BinaryInteger>(
  _ name: StaticString, _ call: () -> Result
) throws(SystemError) -> Result? {
  while true {
    let result = call()
    if result != -1 { return result }
    if errno == EAGAIN || errno == EWOULDBLOCK { return nil }
    if errno != EINTR { throw SystemError(call: name.description) }
  }
}

/// Runs ``attempt(_:_:)`` as an event of the trace.
@inline(__always)
func attempt<Result: BinaryInteger>(
  _ name: StaticString, _ kind: Trace.Kind, _ number: Int32, _ call: () -> Result
) throws(SystemError) -> Result? {
  try Trace.span(kind, number) { () throws(SystemError) in try attempt(name, call) }
}
